// Renders the API document. Loads nothing but the document itself.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const DEPTH_MAX = 6;

function make(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function resolve(doc, schema) {
  if (!schema || !schema.$ref) return schema;
  return doc.components.schemas[schema.$ref.split("/").pop()];
}

// A type in a few words, or an object drawn as its fields.
function draw(doc, given, depth = 0) {
  const name = given?.$ref?.split("/").pop();
  const schema = resolve(doc, given);
  if (!schema) return "any";
  const pad = "  ".repeat(depth + 1);
  if (schema.oneOf || schema.anyOf) {
    return (schema.oneOf || schema.anyOf).map((one) => draw(doc, one, depth)).join(" | ");
  }
  if (schema.allOf) return schema.allOf.map((one) => draw(doc, one, depth)).join(" & ");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type;
  if (type === "array") return `[ ${draw(doc, schema.items, depth)} ]`;
  if (schema.properties && depth < DEPTH_MAX) {
    const required = new Set(schema.required || []);
    const rows = Object.entries(schema.properties).map(([key, value]) => {
      const about = (value.description || resolve(doc, value)?.description || "").split("\n")[0];
      const mark = required.has(key) ? "" : "?";
      return `${pad}${key}${mark}: ${draw(doc, value, depth + 1)}${about ? `  // ${about}` : ""}`;
    });
    return `{\n${rows.join("\n")}\n${"  ".repeat(depth)}}`;
  }
  return name && schema.properties ? name : type || "any";
}

function parameters(doc, list) {
  const table = make("table");
  for (const one of list) {
    const row = table.insertRow();
    row.insertCell().append(make("code", one.name));
    row.insertCell().textContent = `${one.in}${one.required ? ", required" : ""}`;
    row.insertCell().textContent = draw(doc, one.schema);
    row.insertCell().textContent = one.description || "";
  }
  return table;
}

function content(doc, holder) {
  const [kind, media] = Object.entries(holder?.content || {})[0] || [];
  return kind ? { kind, text: draw(doc, media.schema) } : null;
}

function fill(doc, body, operation) {
  if (operation.description) body.append(make("p", operation.description));
  if (operation.parameters?.length) {
    body.append(make("h3", "Parameters"), parameters(doc, operation.parameters));
  }
  const request = content(doc, operation.requestBody);
  if (request) body.append(make("h3", "Body"), make("pre", request.text));
  for (const [status, response] of Object.entries(operation.responses || {})) {
    const answer = content(doc, response);
    const head = make("h3", `${status} ${response.description || ""}`);
    body.append(head);
    if (answer && answer.kind !== "application/problem+json") body.append(make("pre", answer.text));
  }
}

function route(doc, path, method, operation) {
  const details = make("details");
  const summary = make("summary");
  summary.append(make("b", method.toUpperCase(), method), make("code", path), make("span", operation.summary || ""));
  details.append(summary);
  details.dataset.words = `${method} ${path} ${operation.summary} ${operation.operationId}`.toLowerCase();
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector(".body")) return;
    const body = make("div", undefined, "body");
    fill(doc, body, operation);
    details.append(body);
  });
  return details;
}

function show(doc) {
  const main = document.getElementById("routes");
  const nav = document.getElementById("tags");
  main.replaceChildren(make("p", doc.info.description, "about"));
  for (const tag of doc.tags || []) {
    const section = make("section");
    const title = make("h2", tag.name);
    title.id = tag.name;
    section.append(title, make("p", tag.description, "about"));
    for (const [path, item] of Object.entries(doc.paths)) {
      for (const method of METHODS) {
        if (item[method]?.tags?.includes(tag.name)) section.append(route(doc, path, method, item[method]));
      }
    }
    const link = make("a", tag.name);
    link.href = `#${tag.name}`;
    nav.append(link);
    main.append(section);
  }
}

document.getElementById("filter").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    let any = false;
    for (const one of section.querySelectorAll("details")) {
      one.hidden = !words.every((word) => one.dataset.words.includes(word));
      any ||= !one.hidden;
    }
    section.hidden = !any;
  }
});

fetch("/api/v1/openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch((error) => {
    document.getElementById("routes").textContent = `The document cannot be read: ${error.message}`;
  });
