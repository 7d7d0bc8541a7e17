import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type MenuActions, type MenuState, menuBatch, menuTemplate } from '../../../src/main/menu.ts';
import { LANGUAGES, textsIn } from '../../../src/main/messages.ts';
import { batch } from '../../support/batch.ts';

type Item = MenuItemConstructorOptions;

const STATE: MenuState = {
  platform: 'linux',
  developing: false,
  recent: [],
  batch: { working: false, paused: false, failed: false },
};

/** Menus whose actions note what they were asked. */
function menus(state: Partial<MenuState> = {}, language: (typeof LANGUAGES)[number] = 'en') {
  const done: unknown[] = [];
  const actions = new Proxy({} as MenuActions, {
    get:
      (_target, name) =>
      (...args: unknown[]) =>
        done.push([name, ...args]),
  });
  const bar = menuTemplate({ ...STATE, ...state }, textsIn(language), actions);
  return { bar, items: bar.flatMap(withSubmenus), done };
}

function withSubmenus(item: Item): Item[] {
  return [item, ...((item.submenu as Item[] | undefined) ?? []).flatMap(withSubmenus)];
}

function click(items: readonly Item[], label: string): void {
  const item = items.find((candidate) => candidate.label === label);
  expect(item, label).toBeDefined();
  item!.click!(undefined as never, undefined, undefined as never);
}

describe('menuTemplate', () => {
  it.each(['darwin', 'win32', 'linux'] as const)('has every menu and no shortcut twice on %s', (platform) => {
    for (const language of LANGUAGES) {
      const { items } = menus({ platform, developing: true }, language);
      const shortcuts = items.flatMap(({ accelerator }) => accelerator ?? []);
      expect(shortcuts).toContain('CmdOrCtrl+O');
      expect(new Set(shortcuts).size).toBe(shortcuts.length);
      // What has neither label nor role would be an empty line.
      expect(items.filter(({ type, label }) => type !== 'separator' && !label)).toEqual([]);
    }
  });

  it('keeps the manners of each system', () => {
    const rolesOf = (platform: NodeJS.Platform) =>
      menus({ platform }).items.flatMap(({ role }) => role ?? []);
    expect(menus({ platform: 'darwin' }).bar[0]).toMatchObject({ label: 'RASR' });
    for (const role of ['services', 'hide', 'hideOthers', 'unhide', 'window', 'front', 'recentDocuments']) {
      expect(rolesOf('darwin')).toContain(role);
      expect(rolesOf('win32')).not.toContain(role);
      expect(rolesOf('linux')).not.toContain(role);
    }
    for (const platform of ['darwin', 'win32', 'linux'] as const) {
      for (const role of ['undo', 'paste', 'zoomIn', 'togglefullscreen', 'about', 'quit', 'help']) {
        expect(
          rolesOf(platform).filter((found) => found === role),
          `${platform} ${role}`,
        ).toHaveLength(1);
      }
    }
    const labels = (platform: NodeJS.Platform) => menus({ platform }).items.map(({ label }) => label);
    expect(labels('win32')).toContain('Exit');
    expect(labels('linux')).toContain('Quit RASR');
    expect(labels('darwin')).toContain('Show Result in Finder');
    expect(labels('win32')).toContain('Show Result in Explorer');
  });

  it('has reload and developer tools in a clone only', () => {
    const roles = (developing: boolean) => menus({ developing }).items.map(({ role }) => role);
    expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
    expect(roles(false)).not.toContain('reload');
    expect(roles(false)).not.toContain('toggleDevTools');
  });

  it('opens recent files, whatever they are called', () => {
    const recent = ['/photos/salt & pepper.jpg', '/photos/b.jpg'];
    const { items, done } = menus({ recent });
    click(items, 'salt && pepper.jpg');
    click(items, 'Clear Menu');
    expect(done).toEqual([['openRecent', recent[0]], ['clearRecent']]);
    expect(menus().items.find(({ label }) => label === 'Open Recent')?.enabled).toBe(false);
  });

  it('offers for the batch what can be done with it', () => {
    const find = (state: MenuState['batch'], label: string) =>
      menus({ batch: state }).items.find((item) => item.label === label);
    const idle = { working: false, paused: false, failed: false };
    expect(find(idle, 'Pause After This Photo')?.enabled).toBe(false);
    expect(find(idle, 'Retry Failed Photos')?.enabled).toBe(false);
    expect(find({ ...idle, working: true }, 'Pause After This Photo')?.enabled).toBe(true);
    expect(find({ ...idle, paused: true }, 'Pause After This Photo')).toBeUndefined();
    expect(find({ ...idle, paused: true }, 'Resume')).toBeDefined();
    expect(find({ ...idle, failed: true }, 'Retry Failed Photos')?.enabled).toBe(true);
  });

  it('asks the window for what only it knows', () => {
    const { items, done } = menus();
    for (const label of ['Galleries', 'Settings…', 'Save Result As…']) click(items, label);
    expect(done).toEqual([
      ['tellWindow', { kind: 'show', view: 'galleries' }],
      ['tellWindow', { kind: 'show', view: 'settings' }],
      ['tellWindow', { kind: 'save-result' }],
    ]);
  });
});

describe('menuBatch', () => {
  it('is the same for every tile of a batch', () => {
    const working = menuBatch(batch({ running: 1, share: 0.2 }));
    expect(menuBatch(batch({ running: 1, share: 0.6, waiting: 1 }))).toEqual(working);
    expect(menuBatch(null)).toEqual({ working: false, paused: false, failed: false });
    expect(menuBatch(batch({ waiting: 1, paused: true }))).toMatchObject({ working: false, paused: true });
  });
});
