// A writer for small ONNX graphs, so that a test can know a model's every answer. Only what our tests
// need of the format (onnx.proto, IR version 8, operator set 13), with field numbers as they stand there.

/** One operator: its type, its inputs and output by name, and its integer attributes. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** A constant of float32 or int64 values. */
export interface OnnxConstant {
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A float32 graph. Dimensions that are names may have any length. */
export interface OnnxGraph {
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly constants?: Readonly<Record<string, OnnxConstant>>;
  readonly nodes: readonly OnnxNode[];
}

const FLOAT = 1;
const INT64 = 7;

/** The bytes of a model file. */
export function onnxModel({ inputs, outputs, constants = {}, nodes }: OnnxGraph): Buffer {
  const graph = message(
    ...nodes.map((node) => field(1, nodeProto(node))),
    field(2, text('graph')),
    ...Object.entries(constants).map(([name, values]) => field(5, tensor(name, values))),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueInfo(name, shape))),
  );
  return message(number(1, 8), field(7, graph), field(8, message(number(2, 13))));
}

function nodeProto({ type, inputs, output, attributes = {} }: OnnxNode): Buffer {
  return message(
    ...inputs.map((name) => field(1, text(name))),
    field(2, text(output)),
    field(4, text(type)),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
  );
}

function attribute(name: string, value: number | readonly number[]): Buffer {
  if (typeof value === 'number') return message(field(1, text(name)), number(3, value), number(20, 2));
  return message(field(1, text(name)), ...value.map((each) => number(8, each)), number(20, 7));
}

function tensor(name: string, { dims, values }: OnnxConstant): Buffer {
  const type = values instanceof Float32Array ? FLOAT : INT64;
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return message(
    ...dims.map((length) => number(1, length)),
    number(2, type),
    field(8, text(name)),
    field(9, raw),
  );
}

function valueInfo(name: string, shape: readonly (number | string)[]): Buffer {
  const dimensions = shape.map((length) =>
    field(1, typeof length === 'number' ? message(number(1, length)) : message(field(2, text(length)))),
  );
  const tensorType = message(number(1, FLOAT), field(2, message(...dimensions)));
  return message(field(1, text(name)), field(2, message(field(1, tensorType))));
}

// Protocol buffers: a message is its fields, one after another; a field is a key and a value.
const message = (...fields: Buffer[]) => Buffer.concat(fields);
const text = (value: string) => Buffer.from(value, 'utf8');
const number = (id: number, value: number) => Buffer.concat([varint(id << 3), varint(value)]);
const field = (id: number, value: Buffer) =>
  Buffer.concat([varint((id << 3) | 2), varint(value.length), value]);

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
