// In the page, before its own scripts: what the preload exposes as `window.rasr`, with files named by their names, and
// what the page's policy has refused. `channels` and `toMain`, `toEngine` come from desktop.ts.

const { channels, toMain, toEngine } = window;
const listeners = new Map();
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }) => toEngine(data);

function listen(channel, listener) {
  listeners.set(channel, listener);
  return () => listeners.delete(channel);
}

window.fromMain = (channel, data) => {
  if (channel === channels.port) port1.postMessage(data);
  else listeners.get(channel)?.(data);
};

window.rasr = {
  connect() {
    toMain(channels.connect);
    window.postMessage(channels.port, '*', [port2]);
  },
  handOver: (files) =>
    toMain(
      channels.handOver,
      files.map(({ name }) => name),
    ),
  saveResult: (jobId) => toMain(channels.saveResult, jobId),
  saveBeforeAfter: (request) => toMain(channels.saveBeforeAfter, request),
  revealResult: (jobId) => toMain(channels.revealResult, jobId),
  showLibrary: () => toMain(channels.showLibrary),
  openLibrary: () => toMain(channels.openLibrary),
  dragOut: (jobIds) => toMain(channels.dragOut, jobIds),
  setLanguage: (language) => toMain(channels.language, language),
  onOpened(listener) {
    const end = listen(channels.opened, listener);
    toMain(channels.listening);
    return end;
  },
  onCommand: (listener) => listen(channels.command, listener),
};

window.refusals = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  window.refusals.push(`${effectiveDirective} ${blockedURI}`),
);

/** Tries to run a script that is not the app's, and to reach another host. */
window.intrude = async () => {
  const script = document.createElement('script');
  script.textContent = 'window.intruded = true';
  document.body.append(script);
  const image = '<img src="https://example.org/a.png" onerror="window.intruded = true">';
  document.body.insertAdjacentHTML('beforeend', image);
  await fetch('https://example.org/').catch(() => {});
  const frame = document.createElement('iframe');
  frame.src = 'https://example.org/';
  document.body.append(frame);
};
