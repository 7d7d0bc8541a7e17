/**
 * The arrows of the house (docs/architecture.md): hosts → api → core, and inside core
 * jobs → restoration, previews → retrieval → galleries → library, with photo, models, alignment, files and threads beneath.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const CORE_LAYERS = [
  ['files', 'threads'],
  ['photo', 'models', 'alignment'],
  ['library'],
  ['galleries'],
  ['retrieval'],
  ['restoration', 'previews'],
  ['jobs'],
];

/** One rule per layer: a folder never imports from a layer above it. */
const coreRules = CORE_LAYERS.flatMap((folders, level) => {
  const above = CORE_LAYERS.slice(level + 1).flat();
  if (above.length === 0) return [];
  return [
    {
      name: `core-${folders.join('-')}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/core/(${folders.join('|')})/` },
      to: { path: `^src/core/(${above.join('|')}|engine\\.ts)` },
    },
  ];
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-host',
      severity: 'error',
      from: { path: '^src/core' },
      to: { path: '^src/(?!core)' },
    },
    {
      name: 'core-is-plain-node',
      severity: 'error',
      from: { path: '^src/core' },
      to: { path: 'node_modules/(electron|react|react-dom|hono|commander|@trpc|@mantine)/' },
    },
    {
      name: 'api-knows-only-core',
      severity: 'error',
      from: { path: '^src/api' },
      to: { path: '^src/(?!api|core)' },
    },
    {
      name: 'api-is-plain-node',
      severity: 'error',
      from: { path: '^src/api' },
      to: { path: 'node_modules/(electron|react|react-dom)/' },
    },
    {
      name: 'renderer-talks-through-the-api',
      severity: 'error',
      from: { path: '^src/renderer' },
      to: { path: '^src/(core|main|cli|server|preload)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src/renderer' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-exposes-the-transport-only',
      severity: 'error',
      from: { path: '^src/preload' },
      to: { path: '^src/(core|main|cli|server|renderer)' },
    },
    {
      name: 'hosts-do-not-know-each-other',
      severity: 'error',
      // `rasr serve` starts the server, so the CLI may import it; nothing else crosses.
      from: { path: '^src/(main|cli|server)/' },
      to: { path: '^src/(main|cli|server|renderer|preload)/', pathNot: '^src/($1|server)/' },
    },
    {
      name: 'src-never-imports-tests',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(test|scripts)' },
    },
    {
      name: 'electron-only-in-its-host',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(main|preload)' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'electron-at-the-edges-of-its-host',
      severity: 'error',
      // What the desktop app decides is tested without Electron; these only tell it.
      from: {
        path: '^src/main',
        pathNot: '^src/main/(index|rasr-app|main-window|dialogs|electron-engine)\\.ts$',
      },
      to: { path: '^electron$|node_modules/electron/', dependencyTypesNot: ['type-only'] },
    },
    ...coreRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
