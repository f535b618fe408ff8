// ONNX Runtime on the graph and the window that tft.py wrote, one thread.

import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";

const folder = process.argv[2];
const values = readFileSync(`${folder}/tensors.f32`);
const tensors = {};
let offset = 0;
for (const line of readFileSync(`${folder}/tensors.txt`, "utf8").trim().split("\n")) {
  const [name, ...shape] = line.split(" ");
  const sides = shape.map(Number);
  const count = sides.reduce((a, b) => a * b, 1);
  const data = new Float32Array(
    values.buffer.slice(values.byteOffset + offset, values.byteOffset + offset + 4 * count));
  tensors[name] = { sides, data };
  offset += 4 * count;
}
const float = (name) => new Tensor("float32", tensors[name].data, tensors[name].sides);
const feeds = {
  series: new Tensor("int64", BigInt64Array.from(tensors["in.series"].data, BigInt), [1]),
  observed: float("in.observed"),
  known: float("in.known"),
};

const session = await InferenceSession.create(`${folder}/tft.onnx`, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
});
const answer = (await session.run(feeds))[session.outputNames[0]].data;
const off = tensors.out.data.reduce((worst, x, i) => Math.max(worst, Math.abs(x - answer[i])), 0);
if (!(off <= 1e-5)) throw new Error(`ONNX Runtime differs by ${off}`);
const times = [];
for (let run = 0; run < 105; run++) {
  const begin = process.hrtime.bigint();
  await session.run(feeds);
  if (run >= 5) times.push(Number(process.hrtime.bigint() - begin) / 1e6);
}
times.sort((a, b) => a - b);
const show = (x) => x.toFixed(2).padStart(7);
console.log(`${"ONNX Runtime (differs by " + off.toExponential(0) + ")"}`.padEnd(45)
  + `P50 ${show(times[50])} ms   P10 ${show(times[10])}`);
