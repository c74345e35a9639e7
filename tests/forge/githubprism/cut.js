// SPDX-License-Identifier: Apache-2.0
// Cuts a description of GitHub's API down to the operations on standard input ("METHOD /path", one a line) and what they
// refer to: node cut.js DESCRIPTION OUTPUT. The whole one takes its server minutes and gigabytes. An operation that the
// description does not have is an error.
const fs = require("fs");

const [description, output] = process.argv.slice(2);
const whole = JSON.parse(fs.readFileSync(description, "utf8"));
const wanted = fs.readFileSync(0, "utf8").trim().split("\n");
const cut = { openapi: whole.openapi, info: whole.info, servers: [{ url: "/" }], paths: {}, components: {} };

for (const line of wanted) {
  const [method, path] = line.split(" ");
  const item = whole.paths[path];
  const operation = item && item[method.toLowerCase()];
  if (!operation) {
    console.error(`the description has no ${line}`);
    process.exit(1);
  }
  cut.paths[path] = cut.paths[path] || (item.parameters ? { parameters: item.parameters } : {});
  cut.paths[path][method.toLowerCase()] = operation;
}

function keep(value) {
  if (Array.isArray(value)) return value.forEach(keep);
  if (value === null || typeof value !== "object") return;
  const reference = typeof value.$ref === "string" && value.$ref.match(/^#\/components\/([^/]+)\/([^/]+)$/);
  if (reference) {
    const [, kind, name] = reference;
    cut.components[kind] = cut.components[kind] || {};
    if (name in cut.components[kind]) return;
    cut.components[kind][name] = whole.components[kind][name];
    keep(cut.components[kind][name]);
  }
  Object.values(value).forEach(keep);
}
keep(cut.paths);
fs.writeFileSync(output, JSON.stringify(cut));
