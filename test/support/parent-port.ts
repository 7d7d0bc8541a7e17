import { EventEmitter } from 'node:events';
import { type Wire, WiredPort } from './wired-port.ts';

// Loaded before the engine's process where Node's own `fork` starts it: gives it Electron's `process.parentPort`.

const ports = new Map<number, WiredPort>();
const early: unknown[] = [];
const parentPort = Object.assign(new EventEmitter(), {
  postMessage: (data: unknown) => send({ kind: 'message', data, ports: [] }),
});
Object.assign(process, { parentPort });

function send(wire: Wire): void {
  // The parent may be gone before its engine.
  if (process.connected) process.send!(wire);
}

function portOf(id: number): WiredPort {
  const port = new WiredPort();
  port.wire((data) => send({ kind: 'port', port: id, data }));
  ports.set(id, port);
  return port;
}

process.on('message', (wire: Wire) => {
  if (wire.kind === 'port') {
    ports.get(wire.port)?.receive(wire.data);
    return;
  }
  const event = { data: wire.data, ports: wire.ports.map(portOf) };
  // Electron keeps messages until someone listens.
  if (!parentPort.emit('message', event)) early.push(event);
});
parentPort.on('newListener', (name) => {
  if (name === 'message')
    queueMicrotask(() => early.splice(0).map((event) => parentPort.emit('message', event)));
});

// Electron ends its utility processes with the app.
process.on('disconnect', () => process.exit(1));
