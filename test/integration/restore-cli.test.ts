import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APP_ROOT } from '../../src/core/app-info.ts';
import type { RestorationRecord } from '../../src/core/restoration/record.ts';
import { asOrdinaryUser, type CliOptions, type CliResult, linesOf, rasr, startCli } from '../support/cli.ts';
import { headerBomb } from '../support/header-bomb.ts';
import { cloth, picture, writePicture } from '../support/pictures.ts';
import { filesBelow, hashesBelow, temporariesBelow } from '../support/snapshot-of-files.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// What strangers do with `rasr restore`, through the built program and the real models.

const shared = await sharedFolder();
const library = path.join(shared, 'library');

beforeAll(async () => {
  for (let seed = 0; seed < 3; seed++) {
    await writePicture(path.join(shared, 'galleries', 'Ткани', `${seed}.png`), 160, 128, cloth(seed));
  }
  const imported = await rasr(['--library', library, 'gallery', 'import', path.join(shared, 'galleries')]);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
});

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  out = path.join(folder, 'out');
});

/** `rasr restore` into `out`; photos are restored without a reference unless a test is about references. */
function restore(
  photos: readonly string[],
  args: readonly string[] = ['--no-reference'],
  options?: CliOptions,
) {
  return rasr(['--library', library, 'restore', ...photos, '--out', out, ...args], options);
}

/** Expects a failure told in one line that names `subject` and says what to do, and never a stack. */
function expectOneError({ stderr }: CliResult, subject: string): void {
  const lines = linesOf(stderr);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^rasr: .*[.:)] [A-Z].*[.)]$/);
  expect(lines[0]).toContain(subject);
  expect(stderr).not.toMatch(/\bat .*\d+:\d+|node:|\.ts\b|please report/);
}

async function expectNothingWritten(): Promise<void> {
  expect(await filesBelow(out).catch(() => [])).toEqual([]);
}

const photo = (name: string, width = 24, height = 18) =>
  writePicture(path.join(folder, 'in', name), width, height);

async function bytesAsPhoto(name: string, bytes: Uint8Array | string): Promise<string> {
  const file = path.join(folder, 'in', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

it("restores an iPhone's HEIC to a JPEG, upright and in its colours", async () => {
  const quarters = path.join(APP_ROOT, 'test', 'support', 'photos', 'quarters.heic');
  expect(await restore([quarters])).toMatchObject({ code: 0, stderr: '' });
  const [output] = (await filesBelow(out)).filter((name) => name.endsWith('.jpg'));
  const restored = sharp(path.join(out, output!));
  expect(await restored.metadata()).toMatchObject({ width: 384, height: 256, hasProfile: true });
  const red = await restored.extract({ left: 90, top: 60, width: 8, height: 8 }).raw().toBuffer();
  expect(red[0]! - Math.max(red[1]!, red[2]!)).toBeGreaterThan(100);
});

describe('bad photos', () => {
  const bad: [string, string, () => Promise<Uint8Array | string> | Uint8Array | string, RegExp][] = [
    ['an empty file', 'empty.jpg', () => '', /is empty/],
    ['a text by the name of a photo', 'letter.jpg', () => 'Dear museum,\nhello', /not an image we can read/],
    [
      'a truncated JPEG',
      'cut.jpg',
      async () => {
        const whole = await picture(300, 200).jpeg().toBuffer();
        return whole.subarray(0, whole.length / 2);
      },
      /damaged or incomplete/,
    ],
    ['a header bomb of 40,000 × 40,000', 'bomb.png', () => headerBomb(40_000, 40_000), /megapixels/],
    ['a GIF', 'moving.gif', () => picture(8, 8).gif().toBuffer(), /GIF/],
  ];

  it.each(bad)('%s is refused in one line', async (_what, name, make, reason) => {
    const file = await bytesAsPhoto(name, await make());
    const before = await hashesBelow(path.dirname(file));
    const result = await restore([file]);
    expect(result.code).toBe(1);
    expect(result.stdout).toBe('');
    expectOneError(result, file);
    expect(result.stderr).toMatch(reason);
    await expectNothingWritten();
    expect(await hashesBelow(path.dirname(file))).toEqual(before);
  });

  it('a path that is not there is refused in one line', async () => {
    const result = await restore([path.join(folder, 'none.jpg')]);
    expect(result.code).toBe(1);
    expectOneError(result, 'none.jpg');
    await expectNothingWritten();
  });

  it('a folder without photos is refused in one line', async () => {
    await bytesAsPhoto('notes.txt', 'no photo');
    const result = await restore([path.join(folder, 'in')]);
    expect(result.code).toBe(1);
    expectOneError(result, path.join(folder, 'in'));
  });

  it('a name with line breaks still makes one line', async () => {
    const result = await restore([await bytesAsPhoto('two\nlines\u001b[2J.jpg', '')]);
    expect(result.code).toBe(1);
    expectOneError(result, 'two?lines?[2J.jpg');
  });

  it('one bad among ten leaves the other nine restored', async () => {
    for (let i = 1; i <= 9; i++) await photo(`${i}.jpg`);
    const bad = await bytesAsPhoto('5b.jpg', 'text');
    const before = await hashesBelow(path.join(folder, 'in'));
    const result = await restore([path.join(folder, 'in')]);
    expect(result.code).toBe(1);
    expectOneError(result, bad);
    expect(linesOf(result.stdout)).toHaveLength(9);
    const wanted = Array.from({ length: 9 }, (_, i) => [
      `${i + 1}-restored.jpg`,
      `${i + 1}-restored.jpg.rasr.json`,
    ]);
    expect(await filesBelow(out)).toEqual(wanted.flat().sort());
    expect(await hashesBelow(path.join(folder, 'in'))).toEqual(before);
    expect(await temporariesBelow(folder)).toEqual([]);
  });

  it('a missing one among several does not keep the others', async () => {
    const [first, last] = [await photo('1.png'), await photo('2.png')];
    const result = await restore([first, path.join(folder, 'none.png'), last]);
    expect(result.code).toBe(1);
    expectOneError(result, 'none.png');
    expect((await filesBelow(out)).filter((file) => file.endsWith('.png'))).toHaveLength(2);
  });
});

describe('odd photos', () => {
  const odd: [string, string, (file: string) => Promise<unknown>][] = [
    ['one pixel', 'one.png', (file) => picture(1, 1).toFile(file)],
    ['one row', 'row.png', (file) => picture(30, 1).toFile(file)],
    ['CMYK', 'cmyk.jpg', (file) => picture(20, 14).withIccProfile('cmyk').jpeg().toFile(file)],
    ['grey', 'grey.jpg', (file) => picture(20, 14).greyscale().jpeg().toFile(file)],
    ['16 bit', 'deep.png', (file) => picture(20, 14).toColourspace('rgb16').png().toFile(file)],
    ['alpha', 'clear.png', (file) => picture(20, 14).ensureAlpha(0.5).png().toFile(file)],
    [
      '16 bit and alpha',
      'deep-clear.png',
      (file) => picture(20, 14).ensureAlpha(0.5).toColourspace('rgb16').png().toFile(file),
    ],
    [
      'a turned phone photo',
      'turned.jpg',
      (file) => picture(14, 20).withMetadata({ orientation: 6 }).jpeg().toFile(file),
    ],
  ];

  it('are restored to four times their size, upright, with what they had', async () => {
    await mkdir(path.join(folder, 'in'));
    for (const [, name, make] of odd) await make(path.join(folder, 'in', name));
    const before = await hashesBelow(path.join(folder, 'in'));
    const result = await restore([path.join(folder, 'in')]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const seen = await Promise.all(
      odd.map(async ([what, name]) => {
        const { name: stem, ext } = path.parse(name);
        const { width, height, space, depth, hasAlpha, orientation } = await sharp(
          path.join(out, `${stem}-restored${ext}`),
        ).metadata();
        return [what, width, height, space, depth, hasAlpha, orientation ?? 1];
      }),
    );
    expect(seen).toEqual([
      ['one pixel', 4, 4, 'srgb', 'uchar', false, 1],
      ['one row', 120, 4, 'srgb', 'uchar', false, 1],
      ['CMYK', 80, 56, 'srgb', 'uchar', false, 1],
      ['grey', 80, 56, 'srgb', 'uchar', false, 1],
      ['16 bit', 80, 56, 'rgb16', 'ushort', false, 1],
      ['alpha', 80, 56, 'srgb', 'uchar', true, 1],
      ['16 bit and alpha', 80, 56, 'rgb16', 'ushort', true, 1],
      ['a turned phone photo', 80, 56, 'srgb', 'uchar', false, 1],
    ]);
    expect(await hashesBelow(path.join(folder, 'in'))).toEqual(before);
  });

  it('may have names with spaces, %, emoji, Cyrillic and a leading dash', async () => {
    const names = [
      'a b.png',
      '100% %20 %s.png',
      '🐅🦓.png',
      'Амурский тигр.png',
      "it's $HOME `x`.png",
      '{date}.png',
    ];
    for (const name of names) await photo(path.join('Зоо 50% 🐆', name));
    await photo(path.join('Зоо 50% 🐆', '-rf.png'));
    const result = await restore([path.join(folder, 'in')]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect((await filesBelow(out)).filter((file) => file.endsWith('.png'))).toEqual(
      [...names, '-rf.png']
        .map((name) => path.join('Зоо 50% 🐆', name.replace('.png', '-restored.png')))
        .sort(),
    );
  });
});

describe('outputs that exist', () => {
  it('are not overwritten; with --overwrite ours are, and foreign files never', async () => {
    const file = await photo('a.png');
    expect((await restore([file])).code).toBe(0);
    const restored = path.join(out, 'a-restored.png');
    const first = await hashesBelow(out);

    const again = await restore([file]);
    expect(again.code).toBe(1);
    expectOneError(again, restored);
    expect(again.stderr).toContain('--overwrite');
    expect(await hashesBelow(out)).toEqual(first);

    expect((await restore([file], ['--no-reference', '--overwrite', '--scale', '2'])).code).toBe(0);
    expect((await sharp(restored).metadata()).width).toBe(48);
    expect(await filesBelow(out)).toEqual(['a-restored.png', 'a-restored.png.rasr.json']);

    await writeFile(path.join(out, 'b-restored.png'), "someone else's work");
    const foreign = await restore([await photo('b.png')], ['--no-reference', '--overwrite']);
    expect(foreign.code).toBe(1);
    expectOneError(foreign, path.join(out, 'b-restored.png'));
    expect(await readFile(path.join(out, 'b-restored.png'), 'utf8')).toBe("someone else's work");
  });

  it('that are the photo itself are never overwritten, even one we made, whatever its path looks like', async () => {
    const file = await photo('a.png');
    expect((await restore([file], ['--no-reference', '--name', '{name}'])).code).toBe(0);
    const ours = path.join(out, 'a.png');
    const before = await hashesBelow(out);
    await symlink(out, path.join(folder, 'link'));
    for (const named of [ours, path.join(folder, 'link', 'a.png')]) {
      const result = await restore([named], ['--no-reference', '--name', '{name}', '--overwrite']);
      expect(result.code).toBe(1);
      expectOneError(result, ours);
    }
    expect(await hashesBelow(out)).toEqual(before);
  });

  it.each([[[]], [['--overwrite']]])(
    'of two photos of one name: the second never replaces the first (%j)',
    async (more) => {
      await photo('a.png');
      await photo('a.webp');
      const result = await restore(
        [path.join(folder, 'in')],
        ['--no-reference', '--format', 'jpeg', ...more],
      );
      expect(result.code).toBe(1);
      expectOneError(result, path.join(out, 'a-restored.jpg'));
      expect(linesOf(result.stdout)).toHaveLength(1);
    },
  );

  it('in a folder are not restored again', async () => {
    await photo('a.png');
    const args = ['--library', library, 'restore', path.join(folder, 'in'), '--no-reference'];
    expect((await rasr(args)).code).toBe(0);
    const again = await rasr([...args, '--overwrite']);
    expect(again.code).toBe(0);
    expect(linesOf(again.stdout)).toHaveLength(1);
    expect(await filesBelow(path.join(folder, 'in'))).toEqual([
      'a-restored.png',
      'a-restored.png.rasr.json',
      'a.png',
    ]);
  });
});

describe('the output folder', () => {
  it('keeps the structure of the folder that was named', async () => {
    await photo(path.join('tiger', 'cubs', 'a.png'));
    await photo('b.png');
    expect((await restore([path.join(folder, 'in')], ['--no-reference', '--scale', '1'])).code).toBe(0);
    expect((await filesBelow(out)).filter((file) => file.endsWith('.png'))).toEqual([
      'b-restored.png',
      path.join('tiger', 'cubs', 'a-restored.png'),
    ]);
  });

  it('that is a file is refused in one line, before any work', async () => {
    const file = await photo('a.png');
    await writeFile(out, 'a file');
    const result = await restore([file]);
    expect(result.code).toBe(1);
    expectOneError(result, out);
    expect(await readFile(out, 'utf8')).toBe('a file');
  });

  it('that cannot be written to is refused in one line, for each photo, and nothing is left', async (test) => {
    const file = await photo('a.png');
    await mkdir(out);
    const own = path.join(folder, 'library');
    await mkdir(own);
    const user = await asOrdinaryUser();
    if (user === null) test.skip('SKIPPED: user "nobody" cannot run rasr where this checkout lies');
    await chmod(folder, 0o755);
    await chmod(own, 0o777);
    await chmod(out, 0o555);
    const args = ['--library', own, 'restore', file, '--out', out, '--no-reference'];
    const result = await rasr(args, user!);
    await chmod(out, 0o755);
    expect(result.code).toBe(1);
    expectOneError(result, out);
    expect(result.stderr).toMatch(/permission denied/);
    await expectNothingWritten();
  });

  it('on a file system that is read-only is refused in one line', async (test) => {
    const file = await photo('a.png');
    await mkdir(out);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', out], { stdio: 'ignore' });
    } catch {
      test.skip('SKIPPED: mounting needs root on Linux');
    }
    try {
      const result = await restore([file]);
      expect(result.code).toBe(1);
      expectOneError(result, out);
      expect(await filesBelow(out)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', out]);
    }
  });

  it('whose disk is full is told as such, and nothing is left', async (test) => {
    const file = await photo('a.png', 120, 90);
    await mkdir(out);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', out], { stdio: 'ignore' });
    } catch {
      test.skip('SKIPPED: mounting needs root on Linux');
    }
    try {
      const result = await restore([file]);
      expect(result.code).toBe(1);
      expectOneError(result, out);
      expect(result.stderr).toContain('disk is full');
      expect(await filesBelow(out)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', out]);
    }
  });
});

describe('the rest of the disk', () => {
  it('is left alone: a command writes into its library and its output folder only', async () => {
    const home = path.join(folder, 'home');
    await mkdir(home);
    // ONNX Runtime's telemetry is told off by us, not by whoever runs the tests.
    const env = {
      HOME: home,
      XDG_CACHE_HOME: '',
      XDG_CONFIG_HOME: '',
      XDG_DATA_HOME: '',
      ORT_DISABLE_TELEMETRY: '',
    };
    const result = await restore([await photo('a.png')], [], { env });
    expect(result.code).toBe(0);
    expect(await filesBelow(home)).toEqual([]);
  });
});

describe('wrong usage', () => {
  it.each<[string, string[], string]>([
    ['an unknown gallery', ['--gallery', 'Tigers'], 'Tigers'],
    ['an unknown option', ['--upscale'], '--upscale'],
    ['a scale there is none of', ['--scale', '3'], '3'],
    ['a strength above 1', ['--strength', '1.5'], '1.5'],
    ['a strength that is no number', ['--strength', 'much'], 'much'],
    ['a detail below 0', ['--detail', '-0.5'], '-0.5'],
    ['a format there is none of', ['--format', 'bmp'], 'bmp'],
    ['a name that stands for nothing', ['--name', '{nmae}'], '{nmae}'],
    ['a name that is a path', ['--name', '../x'], '../x'],
    ['a gallery and a reference', ['--gallery', 'Ткани', '--reference', 'x.png'], '--reference'],
    ['a pinned reference and a file', ['--pin', 'Ткани/a.png', '--reference', 'x.png'], '--pin'],
    ['a reference that is not there', ['--pin', 'Ткани/none.png'], 'Ткани/none.png'],
    ['a gallery of a reference that is not there', ['--exclude', 'Tigers/a.png'], 'Tigers'],
  ])('%s ends with 2, names it, and does nothing', async (_what, args, named) => {
    const result = await restore([await photo('a.png')], args);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(linesOf(result.stderr)[0]).toContain(named);
    expect(result.stderr).not.toMatch(/\bat .*\d+:\d+/);
    await expectNothingWritten();
  });

  it('an empty name never stands for the current folder', async () => {
    await photo('a.png');
    const cwd = path.join(folder, 'in');
    for (const [args, code, env] of [
      [['--library', library, 'restore', '', '--no-reference'], 1, {}],
      [['--library', '', 'gallery', 'list'], 2, {}],
      [['gallery', 'list'], 2, { RASR_LIBRARY: '' }],
    ] as const) {
      const result = await rasr(args, { cwd, env });
      expect(result.code, args.join(' ')).toBe(code);
      expect(await filesBelow(cwd)).toEqual(['a.png']);
    }
  });

  it('no photo and no command end with 2', async () => {
    expect((await rasr(['restore'])).code).toBe(2);
    expect((await rasr(['paint', 'it'])).code).toBe(2);
  });

  it('help and version end with 0', async () => {
    expect((await rasr(['--help'])).code).toBe(0);
    const version = await rasr(['--version']);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('a gallery that is missing is told together with those there are', async () => {
    const result = await restore([await photo('a.png')], ['--gallery', 'Tigers']);
    expectOneError(result, '"Ткани"');
  });
});

describe('references by hand', () => {
  it('are pinned and excluded by the names that the program prints', async () => {
    const file = await writePicture(path.join(folder, 'in', 'a.png'), 80, 64, cloth(1));
    const result = await restore([file], ['--pin', 'Ткани/2.png', '--exclude', 'ткани / 1.png', '--json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { record } = JSON.parse(result.stdout) as { record: RestorationRecord };
    expect(record).toMatchObject({ decision: 'chosen', search: { excluded: 1 } });
    expect(record.references[0]).toMatchObject({ gallery: 'Ткани', name: '2.png', byHand: 'pinned' });
    expect([record.search!.best, ...record.references].map((one) => one?.name)).not.toContain('1.png');
    const told = await restore([file], ['--pin', '0.png', '--scale', '2', '--name', '{name} pinned']);
    expect(told.stdout).toMatch(/with Ткани \/ 0\.png, similarity -?\d\.\d\d/);
  });
});

describe('--json', () => {
  it('prints one line a photo, good or bad, and nothing else', async () => {
    const good = await photo('a.png');
    const bad = await bytesAsPhoto('b.png', 'text');
    const result = await restore([good, bad], ['--json']);
    expect(result.code).toBe(1);
    expect(result.stderr).toBe('');
    const [done, failed] = linesOf(result.stdout).map((line) => JSON.parse(line));
    expect(done).toMatchObject({ status: 'done', photo: good, output: path.join(out, 'a-restored.png') });
    const record = JSON.parse(await readFile(`${done.output}.rasr.json`, 'utf8')) as RestorationRecord;
    expect(done.record).toEqual(record);
    expect(failed).toMatchObject({ status: 'failed', photo: bad, error: { code: 'NOT_AN_IMAGE' } });
    expect(failed.error.remedy).not.toBe('');
  });
});

describe('Ctrl-C', () => {
  it('ends the photo at work without output, keeps the finished ones, and exits with 130', async () => {
    const [small, large] = [await photo('1.png'), await photo('2.png', 900, 700)];
    const running = startCli([
      '--library',
      library,
      'restore',
      small,
      large,
      '--out',
      out,
      '--no-reference',
      '--json',
    ]);
    await running.lines(1);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(await filesBelow(out)).toEqual(['1-restored.png', '1-restored.png.rasr.json']);
  });
});

describe('a Node that is too old', () => {
  it('is told which one is needed', async (test) => {
    const candidates = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'];
    const old = candidates
      .map((directory) => path.join(directory, 'node'))
      .find((node) => {
        try {
          const [major] = execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.');
          return Number(major) < 22;
        } catch {
          return false;
        }
      });
    if (old === undefined) test.skip('SKIPPED: no Node older than 22 on this machine');
    const result = await rasr(['doctor'], { node: old! });
    expect(result.code).toBe(2);
    expect(linesOf(result.stderr)).toHaveLength(1);
    expect(result.stderr).toMatch(/needs Node \d+\.\d+ or newer; this is \d+/);
  });
});

describe('doctor and models', () => {
  it('find everything in order', async () => {
    const doctor = await rasr(['--library', library, 'doctor', '--json']);
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(doctor.stdout)).toMatchObject({ 'library health': 'sound', 'device used': 'CPU' });
    const verify = await rasr(['--library', library, 'models', 'verify']);
    expect(verify).toMatchObject({ code: 0, stderr: '' });
  });

  it('tell of a damaged model, which is not used', async () => {
    const own = path.join(folder, 'library');
    await cp(path.join(APP_ROOT, 'resources', 'models'), path.join(own, 'models'), { recursive: true });
    const [generator] = (await filesBelow(path.join(own, 'models'))).filter((file) =>
      file.includes('generator.onnx'),
    );
    const file = path.join(own, 'models', generator!);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 0xff;
    await writeFile(file, bytes);
    const verify = await rasr(['--library', own, 'models', 'verify']);
    expect(verify.code).toBe(1);
    expectOneError(verify, 'generator.onnx');
    const result = await rasr([
      '--library',
      own,
      'restore',
      await photo('a.png'),
      '--out',
      out,
      '--no-reference',
    ]);
    expect(result.code).toBe(1);
    expectOneError(result, 'generator.onnx');
    await expectNothingWritten();
  });
});
