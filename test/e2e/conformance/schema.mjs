// Makes a JSON schema of messages.ts and checks messages with it.
import Ajv from "ajv";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Returns check(kind, method, part, value), which gives a list of complaints;
 * kind is requests or notifications, part is params or result. A strict check
 * complains about members that the protocol does not know.
 */
export function checker(strict) {
  const schema = createGenerator({
    path: join(here, "messages.ts"),
    tsconfig: join(here, "tsconfig.json"),
    type: "Messages",
    expose: "all",
    additionalProperties: !strict,
    skipTypeCheck: true,
  }).createSchema("Messages");
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({ ...schema, $id: "messages" });
  const known = (kind) => schema.definitions[kind === "requests" ? "Requests" : "Notifications"].properties;

  return (kind, method, part, value) => {
    const message = known(kind)[method];
    if (!message) return !strict ? [] : [`${method} is no known member of ${kind}`];
    if (value === undefined && !message.required?.includes(part)) return [];
    const definition = kind === "requests" ? "Requests" : "Notifications";
    const at = ["definitions", definition, "properties", method.replaceAll("/", "~1"), "properties", part];
    const validate = ajv.getSchema(`messages#/${at.map(encodeURIComponent).join("/")}`);
    if (validate(value)) return [];
    return validate.errors.slice(0, 4).map((e) => `${method} ${part}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  };
}

/** Numbers that are no integers: the protocol has none but these. */
export function fractions(value, at = "") {
  if (typeof value === "number") return Number.isInteger(value) ? [] : [`${at} is ${value}`];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([k, v]) => fractions(v, `${at}/${k}`));
}
