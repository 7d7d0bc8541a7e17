import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../src/api/electron-bridge.ts';
import { isOurPage, serveWindows } from '../../../src/main/window-ipc.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const PAGE = 'rasr://app/index.html';
const sender = {} as never;
const ours = { sender, senderFrame: { parent: null, url: `${PAGE}#/restore` } };
const theirs = { sender, senderFrame: { parent: null, url: 'https://example.org/' } };

describe('isOurPage', () => {
  it.each([PAGE, `${PAGE}#/galleries/3`, `${PAGE}?x=1#/models`])('takes %s', (url) => {
    expect(isOurPage({ sender, senderFrame: { parent: null, url } })).toBe(true);
  });

  it.each([
    'rasr://app/index.html.evil',
    'rasr://app/other.html',
    `rasr://app/pictures/photo/${ID}`,
    'rasr://app.example.org/index.html',
    'https://app/index.html',
    'file:///rasr://app/index.html',
    'about:blank',
    '',
  ])('refuses %j', (url) => {
    expect(isOurPage({ sender, senderFrame: { parent: null, url } })).toBe(false);
  });

  it('refuses frames within the page, and frames that are gone', () => {
    expect(isOurPage({ sender, senderFrame: { parent: {} as never, url: PAGE } })).toBe(false);
    expect(isOurPage({ sender, senderFrame: null })).toBe(false);
  });
});

describe('serveWindows', () => {
  let calls: [string, ...unknown[]][];
  let events: EventEmitter;
  let handlers: Map<string, (event: unknown, input: unknown) => unknown>;
  beforeEach(() => {
    calls = [];
    events = new EventEmitter();
    handlers = new Map();
    const ipc = {
      on: events.on.bind(events),
      handle: (channel: string, handler: (event: unknown, input: unknown) => unknown) =>
        handlers.set(channel, handler),
    };
    const noted =
      <Result>(name: string, result: Result) =>
      (...args: unknown[]) => {
        calls.push([name, ...args.filter((arg) => arg !== sender)]);
        return result;
      };
    serveWindows(ipc as unknown as IpcMain, {
      connect: noted('connect', undefined),
      listening: noted('listening', undefined),
      handOver: noted('handOver', Promise.resolve([])),
      chooseFolder: noted('chooseFolder', Promise.resolve(null)),
      saveResult: noted('saveResult', Promise.resolve(true)),
      saveBeforeAfter: noted('saveBeforeAfter', Promise.resolve(true)),
      exportGallery: noted('exportGallery', Promise.resolve({ kind: 'cancelled' as const })),
      importGallery: noted('importGallery', Promise.resolve({ kind: 'cancelled' as const })),
      revealResult: noted('revealResult', undefined),
      showLibrary: noted('showLibrary', undefined),
      openLibrary: noted('openLibrary', Promise.resolve(null)),
      dragOut: noted('dragOut', undefined),
      setLanguage: noted('setLanguage', undefined),
    });
  });

  it('does what our page asks', async () => {
    events.emit(CHANNELS.connect, ours);
    events.emit(CHANNELS.listening, ours);
    events.emit(CHANNELS.revealResult, ours, ID);
    events.emit(CHANNELS.dragOut, ours, [ID]);
    events.emit(CHANNELS.language, ours, 'fr');
    await handlers.get(CHANNELS.handOver)!(ours, ['/a.jpg', '']);
    expect(await handlers.get(CHANNELS.saveResult)!(ours, ID)).toBe(true);
    expect(calls).toEqual([
      ['connect'],
      ['listening'],
      ['revealResult', ID],
      ['dragOut', [ID]],
      ['setLanguage', 'fr'],
      ['handOver', ['/a.jpg', '']],
      ['saveResult', ID],
    ]);
  });

  it('does nothing for any other page', () => {
    for (const channel of events.eventNames()) events.emit(channel, theirs, [ID]);
    for (const handler of handlers.values()) {
      expect(() => handler(theirs, ID)).toThrow("Only RASR's own window");
    }
    expect(events.eventNames()).toHaveLength(6);
    expect(calls).toEqual([]);
  });

  it('refuses what is malformed', () => {
    for (const paths of [
      [],
      ['../../etc/passwd'],
      [ID, '/etc/passwd'],
      ID,
      undefined,
      Array(1001).fill(ID),
    ]) {
      events.emit(CHANNELS.dragOut, ours, paths);
    }
    events.emit(CHANNELS.revealResult, ours, '/etc');
    events.emit(CHANNELS.language, ours, 'tlh');
    events.emit(CHANNELS.connect, ours, { trusted: true });
    expect(() => handlers.get(CHANNELS.saveResult)!(ours, '../x')).toThrow();
    expect(() => handlers.get(CHANNELS.handOver)!(ours, [{ path: '/a' }])).toThrow();
    expect(calls).toEqual([]);
  });
});
