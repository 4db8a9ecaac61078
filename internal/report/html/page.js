"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const el = id => document.getElementById(id);
  const severities = ["error", "warning", "advice"];
  const names = { error: ["error", "errors"], warning: ["warning", "warnings"], advice: ["piece of advice", "pieces of advice"] };

  // make(tag, {class, text, ...attributes}, children)
  function make(tag, props, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(props || {})) {
      if (k === "text") e.textContent = v;
      else if (k === "onclick") e.addEventListener("click", v);
      else e.setAttribute(k, v);
    }
    e.append(...children.filter(c => c !== null && c !== undefined));
    return e;
  }

  // ---- the findings, with what is searched and filtered

  const items = data.findings.map((f, i) => {
    const langs = new Set([data.files[f.at.file].lang]);
    for (const s of f.steps) langs.add(data.files[s.at.file].lang);
    const path = data.files[f.at.file].path;
    return {
      f, i, path, lang: data.files[f.at.file].lang, both: langs.has("C#") && langs.has("C"),
      text: [f.code, data.rules[f.code] ? data.rules[f.code].name : "", path, f.fn || "", f.message, f.subject || ""].join(" ").toLowerCase(),
      weight: severities.indexOf(f.severity), state: f.state || "open",
    };
  });
  const states = { open: "open", new: "new", suppressed: "suppressed", unchanged: "known from before" };
  const orders = {
    severity: (a, b) => a.weight - b.weight || a.i - b.i,
    place: (a, b) => a.i - b.i,
    rule: (a, b) => (a.f.code < b.f.code ? -1 : a.f.code > b.f.code ? 1 : a.i - b.i),
  };
  let shown = [], chosen = null;

  function tally(list, key) {
    const m = new Map();
    for (const x of list) m.set(key(x), (m.get(key(x)) || 0) + 1);
    return m;
  }

  // ---- filters

  function option(value, text) { return make("option", { value, text }); }

  function buildFilters() {
    const open = items.filter(x => x.state === "open" || x.state === "new");
    const bySeverity = tally(open, x => x.f.severity);
    el("counts").textContent = severities.map(s => {
      const n = bySeverity.get(s) || 0;
      return n + " " + names[s][n === 1 ? 0 : 1];
    }).join(", ") + " in " + data.stats.read + " files";
    for (const s of severities) {
      const box = make("input", { type: "checkbox", id: "s-" + s });
      box.checked = true;
      box.addEventListener("input", filter);
      const all = tally(items, x => x.f.severity).get(s) || 0;
      el("severities").append(make("label", {}, box, make("span", { class: "sev " + s, text: s }), make("span", { class: "soft", text: String(all) })));
    }
    const byRule = tally(items, x => x.f.code);
    el("rule").append(option("", "every rule"), ...[...byRule.keys()].sort().map(c =>
      option(c, c + " " + (data.rules[c] ? data.rules[c].name : "") + " (" + byRule.get(c) + ")")));
    const byState = tally(items, x => x.state);
    const state = el("state");
    state.append(option("", "open findings"));
    for (const s of ["new", "unchanged", "suppressed"]) if (byState.get(s)) state.append(option(s, "only " + states[s] + " (" + byState.get(s) + ")"));
    if (state.options.length > 1) state.append(option("all", "all findings"));
    else state.hidden = true;
    for (const id of ["q", "rule", "lang", "state", "sort"]) el(id).addEventListener("input", filter);
  }

  function filter() {
    const words = el("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rule = el("rule").value, lang = el("lang").value, state = el("state").value;
    const on = severities.filter(s => el("s-" + s).checked);
    shown = items.filter(x =>
      on.includes(x.f.severity) && (!rule || x.f.code === rule) &&
      (!lang || (lang === "both" ? x.both : x.lang === lang)) &&
      (state === "all" || (state ? x.state === state : x.state === "open" || x.state === "new")) &&
      words.every(w => x.text.includes(w)));
    shown.sort(orders[el("sort").value]);
    el("shown").textContent = shown.length + " of " + items.length + " findings";
    el("list").scrollTop = 0;
    if (!shown.includes(chosen) && shown.length) choose(shown[0], false);
    else { draw(); reveal(); }
  }

  // ---- the list: only the rows in sight are in the page

  const rowHeight = 76; // as in the style

  function draw() {
    const list = el("list"), rows = el("rows");
    rows.style.height = shown.length * rowHeight + "px";
    const from = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 5);
    const to = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + 5);
    const out = [];
    for (let i = from; i < to; i++) out.push(row(shown[i], i));
    rows.replaceChildren(...out);
    if (chosen && shown.includes(chosen)) list.setAttribute("aria-activedescendant", "row-" + chosen.i);
    else list.removeAttribute("aria-activedescendant");
  }

  function row(x, i) {
    const f = x.f, settled = x.state === "suppressed" || x.state === "unchanged";
    const r = make("div", {
      class: "item " + f.severity + (settled ? " settled" : ""), role: "option", id: "row-" + x.i, "aria-selected": String(x === chosen),
      "aria-setsize": shown.length, "aria-posinset": i + 1, style: "top:" + i * rowHeight + "px", onclick: () => choose(x, false),
    },
    make("div", { class: "what" }, make("span", { class: "sev " + f.severity, text: f.code }), " ", plain(f.message)),
    make("div", { class: "where" }, make("bdi", { dir: "ltr", text: visible(x.path) + ":" + f.at.line })));
    return r;
  }

  function reveal() {
    const list = el("list"), i = shown.indexOf(chosen);
    if (i < 0) return;
    if (i * rowHeight < list.scrollTop) list.scrollTop = i * rowHeight;
    else if ((i + 1) * rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = (i + 1) * rowHeight - list.clientHeight;
  }

  function choose(x, read) {
    chosen = x;
    el("overview").setAttribute("aria-pressed", "false");
    reveal();
    draw();
    el("detail").replaceChildren(...detail(x));
    el("detail").scrollTop = 0;
    history.replaceState(null, "", "#" + x.f.id);
    if (read) el("detail").focus();
  }

  function move(by) {
    if (!shown.length) return;
    const i = shown.indexOf(chosen);
    choose(shown[Math.max(0, Math.min(shown.length - 1, i < 0 ? 0 : i + by))], false);
  }

  // ---- text of the analysed code

  const odd = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const code = c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0");

  // visible shows characters that would reorder or hide text.
  function visible(s) { return s.replace(odd, code); }

  function put(parent, s) {
    let last = 0;
    for (const m of s.matchAll(odd)) {
      parent.append(s.slice(last, m.index), make("span", { class: "ctl", text: code(m[0]) }));
      last = m.index + m[0].length;
    }
    parent.append(s.slice(last));
    return parent;
  }

  // plain is a message with its `names` set as code.
  function plain(s) {
    const out = document.createElement("span");
    s.split("`").forEach((part, i) => out.append(i % 2 ? make("code", { text: visible(part) }) : visible(part)));
    return out;
  }

  const words = {
    "C#": "abstract as async await base bool break byte case catch char checked class const continue default delegate do double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile while nint nuint",
    "C": "auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while NULL TRUE FALSE HANDLE DWORD BOOL",
  };
  const keywords = {};
  for (const l of Object.keys(words)) keywords[l] = new Set(words[l].split(" "));
  const token = /(\/\/.*|\/\*.*?(?:\*\/|$))|((?:@|\$)*"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|([A-Za-z_]\w*)/g;

  // colours gives the ranges of a line that have a colour: [from, to, class].
  function colours(line, lang) {
    const out = [];
    if (/^\s*\*/.test(line)) return [[0, line.length, "com"]]; // inside a block comment, as they are written
    for (const m of line.matchAll(token)) {
      const cls = m[1] ? "com" : m[2] ? "str" : keywords[lang] && keywords[lang].has(m[3]) ? "kw" : "";
      if (cls) out.push([m.index, m.index + m[0].length, cls]);
    }
    return out;
  }

  // paint fills a cell with a line: colours, and the marks [from, to, class] over them.
  function paint(cell, line, lang, marks) {
    const cols = colours(line, lang), cuts = new Set([0, line.length]);
    for (const [a, b] of [...cols, ...marks]) { cuts.add(Math.min(a, line.length)); cuts.add(Math.min(b, line.length)); }
    const at = [...cuts].sort((a, b) => a - b);
    let into = cell, open = [];
    for (let i = 0; i + 1 < at.length; i++) {
      const within = c => c[0] <= at[i] && at[i] < c[1];
      const col = cols.find(within), mark = marks.filter(within);
      if (mark.length !== open.length || mark.some((m, j) => m !== open[j])) { // another mark begins, or none
        open = mark;
        into = cell;
        if (mark.length) cell.append(into = make("mark", { class: mark.map(m => m[2]).join(" ") }));
      }
      into.append(put(make("span", col ? { class: col[2] } : {}), line.slice(at[i], at[i + 1])));
    }
    return cell;
  }

  // lineOf is a line of a file, or undefined where the report does not hold it.
  function lineOf(file, n) {
    for (const run of data.files[file].lines) if (n >= run.from && n < run.from + run.text.length) return run.text[n - run.from];
    return undefined;
  }

  // ---- a finding

  const around = 3;

  function marksOf(at, n, line, cls) {
    if (n < at.line || n > at.endLine) return [];
    const from = n === at.line ? at.col - 1 : line.search(/\S|$/), to = n === at.endLine ? at.endCol - 1 : line.length;
    return to > from ? [[from, to, cls]] : from < line.length ? [[from, from + 1, cls]] : [];
  }

  // noteLine is the line that the note on a place stands under.
  const noteLine = at => at.endLine - at.line <= 6 ? at.endLine : at.line;

  // excerpt shows the lines round some places of one file; places: [{at, num, text, cls}].
  function excerpt(file, places, main) {
    const lines = new Map();
    for (const p of places) {
      const last = Math.min(p.at.endLine, p.at.line + 12);
      for (let n = p.at.line - around; n <= last + around; n++) if (lineOf(file, n) !== undefined) lines.set(n, lineOf(file, n));
    }
    const body = make("tbody"), lang = data.files[file].lang;
    let before = 0;
    for (const n of [...lines.keys()].sort((a, b) => a - b)) {
      if (before && n > before + 1) body.append(make("tr", { class: "gap" }, make("td", { class: "n", text: "⋯" }), make("td")));
      before = n;
      const line = lines.get(n), marks = [];
      for (const p of places) marks.push(...marksOf(p.at, n, line, ""));
      if (main && main.file === file) marks.push(...marksOf(main, n, line, "main " + main.severity));
      body.append(make("tr", {}, make("td", { class: "n", text: n }), paint(make("td"), line, lang, marks)));
      for (const p of places) {
        if (noteLine(p.at) === n && p.text) {
          body.append(make("tr", { class: "note" }, make("td", { class: "n" }),
            make("td", {}, make("div", { class: "text" }, make("span", { class: "num " + p.cls, text: p.num }), plain(p.text)))));
        }
      }
    }
    for (const p of places) { // where the source is not here
      if (lineOf(file, noteLine(p.at)) === undefined && p.text) body.append(make("tr", {}, make("td", { class: "n", text: p.at.line }), make("td", {}, p.num + " " + visible(p.text))));
    }
    return make("div", { class: "src", tabindex: "0", role: "region", "aria-label": data.files[file].path }, make("table", {}, body));
  }

  function trace(f) {
    const groups = [];
    f.steps.forEach((s, i) => {
      const p = { at: s.at, num: i + 1, text: s.text, cls: i === f.steps.length - 1 ? f.severity : "" };
      const last = groups[groups.length - 1];
      if (last && last.file === s.at.file) last.places.push(p);
      else groups.push({ file: s.at.file, places: [p] });
    });
    const inSight = groups.some(g => g.file === f.at.file && g.places.some(p => Math.abs(p.at.line - f.at.line) <= around));
    if (!inSight) groups.unshift({ file: f.at.file, places: [{ at: f.at, num: "!", text: f.steps.length ? "reported here" : f.message, cls: f.severity }] });
    const out = [];
    const main = { ...f.at, severity: f.severity };
    for (const g of groups) {
      const file = data.files[g.file];
      out.push(make("h3", {}, make("span", { class: "tag", text: file.lang || "?" }), make("code", { text: visible(file.path) })), excerpt(g.file, g.places, main));
    }
    return out;
  }

  function fix(x) {
    const out = [make("h3", {}, "Fix: ", plain(x.text), " ", make("span", { class: "tag", text: x.safety === "safe" ? "safe" : "look it over" }))];
    const files = new Map();
    for (const e of x.edits) files.set(e.at.file, [...(files.get(e.at.file) || []), e]);
    for (const [file, edits] of files) {
      const lang = data.files[file].lang, from = edits[0].at.line, to = edits[edits.length - 1].at.endLine, old = [];
      for (let n = from; n <= to; n++) old.push(lineOf(file, n));
      if (old.includes(undefined)) continue;
      let text = old.join("\n"), starts = [0];
      for (const l of old) starts.push(starts[starts.length - 1] + l.length + 1);
      for (const e of [...edits].reverse()) {
        text = text.slice(0, starts[e.at.line - from] + e.at.col - 1) + e.text + text.slice(starts[e.at.endLine - from] + e.at.endCol - 1);
      }
      const fresh = text.split("\n"), body = make("tbody");
      let same = 0, tail = 0;
      while (same < old.length && same < fresh.length && old[same] === fresh[same]) same++;
      while (tail < old.length - same && tail < fresh.length - same && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
      const add = (cls, sign, n, l) => body.append(make("tr", { class: cls }, make("td", { class: "n", text: n }), paint(make("td", { text: sign + " " }), l, lang, [])));
      for (let i = same; i < old.length - tail; i++) add("del", "−", from + i, old[i]);
      for (let i = same; i < fresh.length - tail; i++) add("add", "+", "", fresh[i]);
      out.push(make("div", { class: "src", tabindex: "0" }, make("table", {}, body)));
    }
    return out;
  }

  function detail(x) {
    const f = x.f, rule = data.rules[f.code];
    const head = [make("p", {}, make("span", { class: "sev " + f.severity, text: f.severity + " " + f.code }), " ", rule ? rule.name : ""),
      make("h2", {}, plain(f.message))];
    const facts = make("p", { class: "facts soft" }, make("span", { text: visible(x.path) + ":" + f.at.line + ":" + f.at.col }));
    if (f.fn) facts.append(make("span", {}, "in ", make("code", { text: visible(f.fn) })));
    if (f.confidence !== "high") facts.append(make("span", { text: f.confidence + " confidence" }));
    if (f.cwe) facts.append(make("span", { text: "CWE-" + f.cwe }));
    if (x.state !== "open") facts.append(make("span", { class: "tag", text: states[x.state] + (f.why ? ": " + visible(f.why) : "") }));
    const out = [...head, facts, ...trace(f)];
    for (const y of f.fixes) out.push(...fix(y));
    if (rule) {
      const help = make("div", { class: "help" });
      help.innerHTML = rule.help; // of pinvet's own pages, made when the report was
      out.push(make("details", {}, make("summary", { text: "About " + f.code + ": " + rule.title }), help));
    }
    return out;
  }

  // ---- the overview

  function overview() {
    chosen = null;
    draw();
    history.replaceState(null, "", "#");
    el("overview").setAttribute("aria-pressed", "true");
    const pick = (set) => () => { set(); filter(); if (shown.length) choose(shown[0], true); };
    const table = (title, counts, label, set) => [make("h3", { text: title }), make("table", { class: "over" }, make("tbody", {},
      ...[...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 25).map(([k, n]) =>
        make("tr", {}, make("td", { text: n }), make("td", {}, make("button", { type: "button", onclick: pick(() => set(k)) }, ...label(k)))))))];
    const open = items.filter(x => x.state === "open" || x.state === "new"), s = data.stats;
    const out = [make("h2", { text: "The run" }),
      make("p", { text: s.read + " files read, " + s.analysed + " analysed, " + s.partial + " of them not fully understood; " + s.interpreted + " functions interpreted, " + s.bounded + " not to the end. pinvet " + data.version }),
      ...table("By rule", tally(open, x => x.f.code), c => [make("code", { text: c }), " " + (data.rules[c] ? data.rules[c].title : "")], c => { el("rule").value = c; el("q").value = ""; }),
      ...table("Files with the most findings", tally(open, x => x.path), p => [make("code", { text: visible(p) })], p => { el("q").value = p; el("rule").value = ""; })];
    if (data.problems.length) {
      out.push(make("h3", { text: "What was not analysed or understood: silence there is no proof" }),
        make("table", { class: "over" }, make("tbody", {}, ...data.problems.slice(0, 500).map(p =>
          make("tr", {}, make("td", { text: p.level }), make("td", {}, make("code", { text: visible(p.path || "") + (p.line ? ":" + p.line : "") }), " " + visible(p.text)))))));
      if (data.problems.length > 500) out.push(make("p", { class: "soft", text: "and " + (data.problems.length - 500) + " more" }));
    }
    el("detail").replaceChildren(...out);
    el("detail").scrollTop = 0;
  }

  // ---- keys and start

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const at = document.activeElement, typing = at && /^(INPUT|SELECT)$/.test(at.tagName) && at.type !== "checkbox";
    const inList = at === el("list");
    const page = Math.max(1, Math.floor(el("list").clientHeight / rowHeight) - 1);
    const acts = {
      Escape: () => { el("list").focus(); },
      ...(typing ? {} : { "/": () => el("q").focus(), j: () => move(1), k: () => move(-1) }),
      ...(inList ? {
        ArrowDown: () => move(1), ArrowUp: () => move(-1), PageDown: () => move(page), PageUp: () => move(-page),
        Home: () => move(-shown.length), End: () => move(shown.length), Enter: () => chosen && el("detail").focus(),
      } : {}),
      ...(at === el("q") ? { ArrowDown: () => el("list").focus(), Enter: () => el("list").focus() } : {}),
    };
    if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
  });
  el("filters").addEventListener("submit", e => e.preventDefault());
  el("list").addEventListener("scroll", draw, { passive: true });
  window.addEventListener("resize", draw);
  el("overview").addEventListener("click", overview);
  el("theme").addEventListener("click", () => {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = root.dataset.theme ? (root.dataset.theme === "dark" ? "light" : "dark") : dark ? "light" : "dark";
  });
  function fromAddress() { return items.find(x => "#" + x.f.id === location.hash); }
  window.addEventListener("hashchange", () => { const x = fromAddress(); if (x && x !== chosen) choose(x, false); });

  buildFilters();
  const asked = fromAddress(), wanted = location.hash;
  if (asked && asked.state !== "open" && asked.state !== "new") el("state").value = "all";
  chosen = asked || null;
  filter();
  if (asked) choose(asked, false);
  else if (!items.length || wanted === "#overview") overview();
})();
