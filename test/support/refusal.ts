import { expect } from 'vitest';
import { type ErrorCode, RasrError } from '../../src/core/errors.ts';

/**
 * Expects work to be refused with this code, in one line that has `naming` in it and with a remedy, and
 * returns the refusal.
 */
export async function expectRefusal(
  work: Promise<unknown> | (() => unknown),
  code: ErrorCode,
  naming = '',
): Promise<RasrError> {
  const error = await (typeof work === 'function' ? Promise.resolve().then(work) : work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RasrError);
  const refusal = error as RasrError;
  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(naming);
  expect(refusal.message).not.toContain('\n');
  expect(refusal.remedy).toMatch(/^\S[^\n]*[.)]$/);
  return refusal;
}
