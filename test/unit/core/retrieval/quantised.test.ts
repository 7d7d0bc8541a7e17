import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SyntheticVectors } from '../../../../scripts/benchmarks/synthetic-vectors.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { signCode } from '../../../../src/core/library/sign-code.ts';
import { deleteVectors, vectorTable } from '../../../../src/core/library/vector-tables.ts';
import type { Retriever } from '../../../../src/core/retrieval/retriever.ts';
import { type Neighbour, VectorIndex } from '../../../../src/core/retrieval/vector-index.ts';
import { loadRetriever } from '../../../support/bundles.ts';
import { temporaryLibrary } from '../../../support/engine.ts';

// The quantised search against the exact one, on vectors that lie as the retriever's do.

const COUNT = 12_000;
const GALLERIES = 4;
let retriever: Retriever;
beforeAll(async () => {
  retriever = await loadRetriever();
});
afterAll(() => retriever.release());

function fill(library: Library, withCodes: boolean): Float32Array[] {
  const { hash, manifest } = retriever.bundle;
  const { dimension } = manifest.embedding;
  const table = vectorTable(library.database, hash, dimension);
  const synthetic = new SyntheticVectors(dimension, 1);
  const centres = Array.from({ length: GALLERIES }, () => synthetic.centre());
  const vector = library.database.prepare(`INSERT INTO ${table.name} VALUES (?, ?, ?)`);
  const code = library.database.prepare(
    `INSERT INTO ${table.codes} (reference_id, gallery_id, code) VALUES (?, ?, ?)`,
  );
  library.database.transaction(() => {
    for (let id = 1; id <= COUNT; id++) {
      const gallery = (id % GALLERIES) + 1;
      const embedding = synthetic.near(centres[gallery - 1]!);
      vector.run(BigInt(id), BigInt(gallery), Buffer.from(embedding.buffer));
      if (withCodes) code.run(id, gallery, signCode(embedding));
    }
    if (!withCodes) library.database.exec(`DROP TABLE ${table.codes}`);
  })();
  return Array.from({ length: 20 }, (_, i) => synthetic.near(centres[i % GALLERIES]!));
}

const ids = (found: readonly Neighbour[]) => found.map(({ referenceId }) => referenceId);

function recall(index: VectorIndex, queries: readonly Float32Array[], galleryId: number | null): number {
  const shares = queries.map((query) => {
    const wanted = new Set(ids(index.nearestExact(query, 10, galleryId)));
    return ids(index.nearestQuantised(query, 10, galleryId)).filter((id) => wanted.has(id)).length / 10;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

describe('the quantised search', () => {
  it('finds what the exact one finds, in one gallery and in all', async () => {
    const library = await temporaryLibrary();
    const queries = fill(library, true);
    const index = new VectorIndex(library, retriever);
    expect(recall(index, queries, null)).toBeGreaterThanOrEqual(0.99);
    expect(recall(index, queries, 2)).toBeGreaterThanOrEqual(0.99);
    const [exact, quantised] = [
      index.nearestExact(queries[0]!, 10, 3),
      index.nearestQuantised(queries[0]!, 10, 3),
    ];
    quantised.forEach(({ similarity }, i) => {
      expect(similarity).toBeCloseTo(exact[i]!.similarity, 5);
    });
  });

  it('sees what came since it last looked, and nothing that was removed', async () => {
    const library = await temporaryLibrary();
    const [query] = fill(library, true);
    const index = new VectorIndex(library, retriever);
    const before = ids(index.nearestQuantised(query!, 10, null));
    deleteVectors(library.database, before.slice(0, 3));
    const { hash, manifest } = retriever.bundle;
    const table = vectorTable(library.database, hash, manifest.embedding.dimension);
    library.database
      .prepare(`INSERT INTO ${table.name} VALUES (?, ?, ?)`)
      .run(BigInt(COUNT + 1), 1n, Buffer.from(query!.buffer));
    library.database
      .prepare(`INSERT INTO ${table.codes} (reference_id, gallery_id, code) VALUES (?, ?, ?)`)
      .run(COUNT + 1, 1, signCode(query!));
    const after = ids(index.nearestQuantised(query!, 8, null));
    expect(after).toEqual([COUNT + 1, ...before.slice(3)]);
  });

  it('is not crowded out by a gallery that was removed', async () => {
    const library = await temporaryLibrary();
    const [query] = fill(library, true);
    const index = new VectorIndex(library, retriever);
    index.nearestQuantised(query!, 10, null);
    const gone = Array.from({ length: COUNT }, (_, i) => i + 1).filter((id) => id % GALLERIES === 0);
    deleteVectors(library.database, gone);
    expect(ids(index.nearestQuantised(query!, 10, null))).toEqual(ids(index.nearestExact(query!, 10, null)));
  });

  it('finds its codes made for the vectors of a library that has none yet', async () => {
    const library = await temporaryLibrary();
    const queries = fill(library, false);
    const index = new VectorIndex(library, retriever);
    expect(recall(index, queries, null)).toBeGreaterThanOrEqual(0.99);
  });
});
