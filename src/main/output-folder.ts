import type { TRPCClient } from '@trpc/client';
import type { ChosenFolder } from '../api/electron-bridge.ts';
import type { AppRouter } from '../api/router.ts';
import { refusalOf } from './refusal.ts';

/** Makes a folder that was picked one of the output folders. */
export async function takeOutputFolder(client: TRPCClient<AppRouter>, folder: string): Promise<ChosenFolder> {
  try {
    return { kind: 'taken', folder: await client.outputFolders.add.mutate({ folder }) };
  } catch (error) {
    return { kind: 'refused', error: refusalOf(error) };
  }
}
