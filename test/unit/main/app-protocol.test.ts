import { describe, expect, it } from 'vitest';
import { parsePictureUrl } from '../../../src/main/app-protocol.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const HASH = 'a'.repeat(64);

describe('parsePictureUrl', () => {
  it.each([
    [`rasr://pictures/photo/${ID}`, { kind: 'photo', id: ID }],
    [`rasr://pictures/result-file/${ID}`, { kind: 'result-file', id: ID }],
    [`rasr://pictures/reference/${HASH}`, { kind: 'reference', id: HASH }],
    [`rasr://pictures/photo-thumbnail/${ID}?v=2`, { kind: 'photo-thumbnail', id: ID }],
  ])('reads %s', (address, wanted) => {
    expect(parsePictureUrl(address)).toEqual(wanted);
  });

  it.each([
    '',
    'photo',
    `http://pictures/photo/${ID}`,
    `file:///photo/${ID}`,
    `rasr://elsewhere/photo/${ID}`,
    `rasr://pictures/photo/${ID}/more`,
    `rasr://pictures/secret/${ID}`,
    'rasr://pictures/photo/',
    'rasr://pictures/photo',
    'rasr://pictures/photo/..%2f..%2fetc%2fpasswd',
    'rasr://pictures/../../etc/passwd',
    `rasr://pictures/photo/${ID}%00`,
    `rasr://pictures/reference/${HASH.toUpperCase()}`,
  ])('knows nothing of %j', (address) => {
    expect(parsePictureUrl(address)).toBeUndefined();
  });
});
