#!/usr/bin/env node
'use strict';
// Kept in old syntax and free of imports: it must run on a Node that is too old, to say so.
var REQUIRED = [22, 12];

var version = process.versions.node.split('.').map(Number);
var recentEnough = version[0] > REQUIRED[0] || (version[0] === REQUIRED[0] && version[1] >= REQUIRED[1]);

if (!recentEnough) {
  console.error(
    'rasr needs Node ' +
      REQUIRED.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      '. ' +
      'In a clone, "npx rasr …" runs it on the Node that "npm ci" installed.',
  );
  process.exitCode = 2;
} else {
  var path = require('path');
  var entry = path.join(__dirname, '..', 'out', 'cli', 'rasr.js');
  if (!require('fs').existsSync(entry)) {
    console.error('rasr is not built yet. Run "npm run build" first.');
    process.exitCode = 2;
  } else {
    import(require('url').pathToFileURL(entry).href).catch((error) => {
      console.error('rasr could not start: ' + (error && error.message));
      process.exitCode = 1;
    });
  }
}
