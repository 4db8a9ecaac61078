// A reporter of node:test that tells what failed and why, a few lines for each.
export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail") continue;
    const cause = data.details.error.cause ?? data.details.error;
    if (data.details.error.failureType === "subtestsFailed") continue;
    const why = String(cause.message ?? cause).split("\n").filter((line) => line.trim()).slice(0, 6);
    yield `${data.name}\n${why.map((line) => `    ${line}\n`).join("")}`;
  }
}
