
"use strict";

// ---- words

const POLL_MS = 5000;
const ASK_MS = 20000;
const ROWS_AT_ONCE = 100;
const STEPS_SHOWN = 100;
const FADING_SHARE = 5;  // from its last fifth on, as for notifications and alerts
const USUAL_LIFE = 90 * 86400e3;  // ms
const DAY_MS = 86400000;

// In the order in which a person should look at them. A target is in one of the daemon's states, and beside that
// one of its certificates may have expired or be ending.
const STATES = {
  expired: { title: "expired", tone: "bad" },
  rejected: { title: "rejected", tone: "bad" },
  held: { title: "held", tone: "bad" },
  unusable: { title: "unusable", tone: "bad" },
  waiting: { title: "waiting", tone: "warn" },
  rolled_back: { title: "rolled back", tone: "warn" },
  on_hold: { title: "on hold", tone: "warn" },
  ending: { title: "ending soon", tone: "warn" },
  rotating: { title: "rotating", tone: "busy" },
  idle: { title: "idle", tone: "calm" },
  deployed: { title: "deployed", tone: "good" },
};
const ORDER = Object.keys(STATES);
const CALM = { title: "unknown", tone: "calm" };

function endingOf({ fades, ends }) {
  const now = Date.now();
  if (now >= ends) return "expired";
  return now >= fades ? "ending" : null;
}
const statesOf = (target) => [target.state, endingOf(target)].filter(Boolean);
const rankOf = (target) => Math.min(...statesOf(target).map((state) => ORDER.indexOf(state)));

function why(target) {
  if (target.state === "deployed") return `proven ${ago(target.proven)}`;
  if (target.state === "on_hold") return `by a person, since ${ago(target.on_hold_since)}`;
  if (target.state === "unusable") return target.on_disk_detail;
  return target.detail ?? target.says;
}

function next(target) {
  switch (target.state) {
    case "waiting": return `Next: tried again ${ahead(target.next_attempt)}, after ${plural(target.failures, "failure")}.`;
    case "held": return "Next: looked at again with every change on disk and every rescan.";
    case "unusable": return "Next: looked at again with every change on disk and every rescan.";
    case "rejected": return `Next: a new certificate, a changed mapping, or certferry rotate ${target.mapping}.`;
    case "rolled_back": return `Next: the next renewal, or certferry rotate --force ${target.mapping}.`;
    case "on_hold": return `Next: certferry resume ${target.mapping}.`;
    case "rotating": return `Under way: ${String(target.stage).replace("_", " ")}.`;
    default: return "Next: when it is renewed on disk.";
  }
}

const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
const number = (value) => new Intl.NumberFormat().format(value);
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

function relative(time) {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size * 2) ?? units[3];
  return RELATIVE.format(Math.round(seconds / length), unit);
}
const ago = (time) => (time ? relative(time) : "some time ago");
const ahead = (time) => (time ? relative(time) : "soon");

function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

// ---- making elements; texts are only ever set as text

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}
const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const find = (id) => document.getElementById(id);
const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

// ---- the timeline

const LANES = [
  { name: "file", title: "on disk", from: "on_disk_valid_from", until: "on_disk_valid_until" },
  { name: "deployed", title: "deployed", from: "deployed_valid_from", until: "deployed_valid_until" },
  { name: "served", title: "served", from: "served_valid_from", until: "served_valid_until" },
];
const LANE_HEIGHT = 8;
const LANE_STEP = 12;

// One scale for all, so that rows can be compared: from ninety days back to the last expiry, at most thirteen months.
function scaleOf(targets) {
  const now = Date.now();
  let [from, until] = [now - 14 * DAY_MS, now + 30 * DAY_MS];
  for (const target of targets) {
    for (const lane of LANES) {
      if (target[lane.from]) from = Math.min(from, Date.parse(target[lane.from]));
      if (target[lane.until]) until = Math.max(until, Date.parse(target[lane.until]));
    }
  }
  from = Math.max(from, now - 90 * DAY_MS);
  until = Math.min(until, now + 400 * DAY_MS);
  const at = (time) => (100 * (Math.min(Math.max(time, from), until) - from)) / (until - from);
  return { at, now, ticks: ticksOf(from, until) };
}

function ticksOf(from, until) {
  const months = (until - from) / DAY_MS / 30;
  const step = [1, 2, 3, 6].find((size) => months / size <= 7) ?? 12;
  const ticks = [];
  const tick = new Date(from);
  for (tick.setDate(1), tick.setHours(0, 0, 0, 0); tick < until; tick.setMonth(tick.getMonth() + 1))
    if (tick > from && tick.getMonth() % step === 0) ticks.push(tick.getTime());
  return ticks;
}

const percent = (value) => `${value.toFixed(2)}%`;

function timeline(target, scale) {
  const svg = draw("svg", { class: "line", role: "img", "aria-label": timelineText(target) });
  for (const tick of scale.ticks) svg.append(vertical("grid", scale.at(tick)));
  LANES.forEach((lane, index) => {
    const y = index * LANE_STEP + 1;
    svg.append(bar("track", 0, 100, y));
    if (!target[lane.until]) return;
    const from = target[lane.from] ? scale.at(Date.parse(target[lane.from])) : 0;
    svg.append(bar(lane.name, from, scale.at(Date.parse(target[lane.until])), y));
  });
  svg.append(vertical("now", scale.at(scale.now)));
  return svg;
}

const vertical = (name, x) => draw("line", { class: name, x1: percent(x), x2: percent(x), y1: -1, y2: 35 });
const bar = (name, from, until, y) =>
  draw("rect", { class: name, x: percent(from), width: percent(Math.max(until - from, 0.4)), y, height: LANE_HEIGHT, rx: 3 });

function timelineText(target) {
  const known = LANES.filter((lane) => target[lane.until]);
  if (known.length === 0) return "No certificate is known yet.";
  const parts = known.map((lane) => `${lane.title} until ${DAY.format(Date.parse(target[lane.until]))}`);
  return `Valid: ${parts.join(", ")}. Today is ${DAY.format(Date.now())}.`;
}

function drawAxis(scale) {
  const labels = scale.ticks.map((tick) => {
    const date = new Date(tick);
    const year = date.getMonth() === 0 ? { year: "numeric" } : {};
    const label = draw("text", { x: percent(scale.at(tick)), y: 14 });
    label.textContent = date.toLocaleDateString(undefined, { month: "short", ...year });
    return label;
  });
  find("axis").replaceChildren(...labels);
}

// ---- a row for each target

// Of several endpoints, the one whose certificate ends first.
function withServed(target) {
  const served = (target.endpoints ?? []).filter((endpoint) => endpoint.valid_until);
  served.sort((one, other) => one.valid_until.localeCompare(other.valid_until));
  if (served.length === 0) return target;
  return { ...target, served_valid_from: served[0].valid_from, served_valid_until: served[0].valid_until };
}

// From when on the certificate of a lane ends soon, and when it has ended. Where the cloud did not say from when on it
// is valid, the usual is assumed.
function fading(target, lane) {
  const ends = Date.parse(target[lane.until]);
  const from = target[lane.from] ? Date.parse(target[lane.from]) : ends - USUAL_LIFE;
  return { fades: ends - (ends - from) / FADING_SHARE, ends };
}

// Of all its lanes, the first.
function withFading(target) {
  const lanes = LANES.filter((lane) => target[lane.until]).map((lane) => fading(target, lane));
  return { ...target, fades: Math.min(...lanes.map((lane) => lane.fades)), ends: Math.min(...lanes.map((lane) => lane.ends)) };
}

const keyOf = (target) => `${target.mapping}\n${target.account}\n${target.old_cert_id}`;

class Row {
  constructor(target) {
    this.details = make("details", {}, make("summary", {}, `Details of ${target.mapping}`));
    this.details.addEventListener("toggle", () => this.details.open && this.showDetails());
    this.parts = [make("div"), make("div"), make("div")];
    this.element = make("li", { class: "target" }, ...this.parts, this.details);
  }

  show(target, scale, age) {
    if (this.shown === target && this.age === age) return;
    const changed = this.shown !== target;
    [this.shown, this.age] = [target, age];
    const [who, what, when] = this.parts;
    const states = statesOf(target).map((name) => STATES[name] ?? CALM);
    who.replaceChildren(make("h3", {}, target.mapping), make("p", { class: "where" }, target.certificate),
      make("p", { class: "where" }, make("span", { class: "id" }, target.deployed_id), ` in ${target.account}`));
    what.replaceChildren(make("p", { class: "states" }, ...states.map((state) => make("span", { class: `state ${state.tone}` }, state.title))),
      make("p", { class: "why" }, why(target) ?? ""), make("p", { class: "next" }, next(target)));
    when.replaceChildren(timeline(target, scale), make("p", { class: "until" }, ...untils(target)));
    if (changed && this.details.open) this.showDetails();
  }

  async showDetails() {
    const target = this.shown;
    let own = null;
    let missing = null;
    try {
      const [, history] = await ask(`history.json?mapping=${encodeURIComponent(target.mapping)}`);
      own = history?.targets?.find((one) => keyOf(one) === keyOf(target));
    } catch (failure) {
      missing = make("p", { class: "why" }, `The daemon did not tell its history: ${failure.message}`);
    }
    if (this.shown !== target) return;
    const body = make("div", {}, facts(target), missing, own ? succession(own) : null, own ? steps(own) : null);
    this.details.replaceChildren(this.details.firstChild, body);
  }
}

function untils(target) {
  return LANES.map((lane) => {
    const until = target[lane.until];
    if (!until) return lane.name === "served" ? null : make("span", {}, `${lane.title}: not known`);
    const ending = endingOf(fading(target, lane));
    const text = ending === "expired" ? `expired ${ago(until)}` : ahead(until);
    return make("span", ending ? { class: "soon" } : {}, `${lane.title}: `,
      make("time", { datetime: until }, DAY.format(Date.parse(until))), ` (${text})`);
  });
}

function facts(target) {
  const rows = [
    ["Configured id", target.old_cert_id], ["Deployed id", target.deployed_id],
    ["Deployed leaf", target.deployed_fingerprint], ["Leaf on disk", target.on_disk_fingerprint],
    ["Reason", target.reason], ["The daemon says", target.says],
    ...(target.endpoints ?? []).map((endpoint) => [`Served at ${endpoint.endpoint}`, servedText(endpoint)]),
  ];
  return make("dl", {}, ...rows.filter(([, value]) => value)
    .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function servedText(endpoint) {
  if (endpoint.detail) return endpoint.detail;
  if (!endpoint.seen) return "not looked at since the daemon was started";
  return `${endpoint.fingerprint}, seen ${ago(endpoint.seen)}`;
}

function table(caption, heads, rows) {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map((cells) => make("tr", {}, ...cells.map((text) => make("td", {}, text))));
  return make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body)));
}

const stepsShown = (own) => own.history.length > STEPS_SHOWN ? `The last ${STEPS_SHOWN} steps, newest first` : "Every step, newest first";
const moment = (time) => MOMENT.format(Date.parse(time));
const succession = (own) => table("Succession of ids", ["Id", "Since", "Valid until"],
  own.succession.map((entry) => [entry.id, moment(entry.since), entry.valid_until ? moment(entry.valid_until) : "not known"]));
const steps = (own) => table(stepsShown(own), ["Time", "Step", "Detail"],
  own.history.slice(-STEPS_SHOWN).reverse().map((line) => [moment(line.time), line.state.replace("_", " "), line.detail]));

// ---- the list: filtered, what needs a person first, a part at a time

const rows = new Map();
let all = [];
let scale = scaleOf([]);
let chosen = "";
let limit = ROWS_AT_ONCE;

function takeStatus(status) {
  const before = new Map(all.map((target) => [keyOf(target), target]));
  all = status.targets.map(withServed).map(withFading).map((target) => {
    const known = before.get(keyOf(target));
    return known && JSON.stringify(known) === JSON.stringify(target) ? known : target;
  });
  const kept = new Set(all.map(keyOf));
  for (const key of rows.keys()) if (!kept.has(key)) rows.delete(key);
  showDaemon(status.daemon);
  showAll();
}

// Time alone makes a certificate one that is ending, and moves today.
function showAll() {
  scale = scaleOf(all);
  all.sort((one, other) => rankOf(one) - rankOf(other) ||
    (one.deployed_valid_until ?? "").localeCompare(other.deployed_valid_until ?? "") ||
    one.mapping.localeCompare(other.mapping));
  showSummary();
  showList();
}

function matches(target, words) {
  if (chosen && !statesOf(target).includes(chosen)) return false;
  const text = [target.mapping, target.account, target.certificate, target.old_cert_id, target.deployed_id,
    ...statesOf(target), target.reason ?? "", target.says].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

function showList() {
  const words = find("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((target) => matches(target, words));
  const age = Math.floor(Date.now() / 60000);
  const elements = found.slice(0, limit).map((target) => {
    const key = keyOf(target);
    if (!rows.has(key)) rows.set(key, new Row(target));
    const row = rows.get(key);
    row.show(target, scale, age);
    return row.element;
  });
  arrange(find("targets"), elements);
  drawAxis(scale);
  find("more").hidden = found.length <= limit;
  say(find("count"), countText(found.length));
}

function countText(found) {
  if (all.length === 0) return "";
  if (found === 0) return "Nothing matches the filter.";
  if (found > limit) return `Showing ${number(limit)} of ${number(found)}.`;
  return found === all.length ? "" : `Showing ${number(found)} of ${number(all.length)}.`;
}

// Elements that stay where they are keep what is focused and open in them.
function arrange(list, elements) {
  const same = list.children.length === elements.length && elements.every((element, at) => list.children[at] === element);
  if (same) return;
  const focused = document.activeElement;
  list.replaceChildren(...elements);
  if (focused !== document.activeElement && list.contains(focused)) focused.focus();
}

function showSummary() {
  const counts = new Map();
  for (const state of all.flatMap(statesOf)) counts.set(state, (counts.get(state) ?? 0) + 1);
  const worries = ORDER.filter((state) => counts.has(state) && ["bad", "warn"].includes(STATES[state].tone));
  const text = worries.map((state) => `${number(counts.get(state))} ${STATES[state].title}`).join(", ");
  say(find("summary"), `${plural(all.length, "target")}: ${text || "all well"}`);
  document.title = worries.length > 0 ? `(${text}) certferry` : "certferry";
  const choices = [["", "all", all.length], ...ORDER.filter((state) => counts.has(state) || state === chosen)
    .map((state) => [state, STATES[state].title, counts.get(state) ?? 0])];
  showChoices(choices);
}

function showChoices(choices) {
  const buttons = [...find("states").querySelectorAll("button")];
  if (buttons.map((button) => button.value).join() !== choices.map(([value]) => value).join()) {
    for (const button of buttons) button.remove();
    find("states").append(...choices.map(([value]) => make("button", { type: "button", value })));
  }
  [...find("states").querySelectorAll("button")].forEach((button, at) => {
    say(button, `${choices[at][1]} ${number(choices[at][2])}`);
    button.setAttribute("aria-pressed", String(button.value === chosen));
  });
}

function showDaemon(daemon) {
  const refused = daemon?.reload_problem;
  showTrouble("reload", refused ? `At ${moment(daemon.reload_refused)} a reload was refused, and the configuration before it stays in force.\n${refused}` : "");
  version = daemon ? `certferryd ${daemon.version}, started ${ago(daemon.started)}` : "";
}

// ---- recent rotations

function showRecent(recent) {
  find("no-recent").hidden = recent.rotations.length > 0;
  find("recent").replaceChildren(...recent.rotations.map(recentRow));
}

function toneOf(rotation) {
  if (rotation.state === "done") return "good";
  return STATES[rotation.state]?.tone ?? (rotation.over ? "calm" : "busy");
}

function recentRow(rotation) {
  const tone = toneOf(rotation);
  const shown = rotation.steps.slice(-12);
  const items = shown.map((step) => make("li", {}, make("b", {}, step.state.replace("_", " ")), step.seconds > 0 ? ` ${duration(step.seconds)}` : ""));
  return make("li", {},
    make("div", {}, make("h3", {}, rotation.mapping),
      make("p", { class: "where" }, make("time", { datetime: rotation.began }, moment(rotation.began)))),
    make("div", {}, make("p", {}, make("span", { class: `state ${tone}` }, rotation.state.replace("_", " ")),
      ` ${rotation.over ? "took" : "for"} ${duration(rotation.seconds)}`),
      make("ol", { class: "steps", "aria-label": "Steps" }, ...items),
      make("p", { class: "detail" }, shown.at(-1)?.detail ?? "")));
}

// ---- asking the daemon

const troubles = new Map();
let version = "";

function showTrouble(kind, text) {
  if ((troubles.get(kind) ?? "") === text) return;
  troubles.set(kind, text);
  const told = [...troubles.values()].filter(Boolean);
  find("trouble").replaceChildren(...told.map((one) => make("p", { class: "trouble" }, one)));
}

// [the ETag, the answer]; no answer when it is still the same.
async function ask(path, etag = "") {
  const headers = etag ? { "If-None-Match": etag } : {};
  const response = await fetch(path, { cache: "no-store", headers, signal: AbortSignal.timeout(ASK_MS) });
  if (response.status === 304) return [etag, null];
  if (!response.ok) throw new Error(await response.text());
  return [response.headers.get("ETag") ?? "", await response.json()];
}

let statusTag = "";
let timer = 0;
let asking = false;

async function refresh() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  try {
    const [tag, status] = await ask("status.json", statusTag);
    if (status) {
      takeStatus(status);
      showRecent((await ask("recent.json"))[1]);
    } else {
      showAll();
    }
    statusTag = tag;
    showTrouble("reach", "");
    find("freshness").classList.add("live");
    say(find("freshness"), `${version}; as of ${CLOCK.format(Date.now())}`);
  } catch (failure) {
    find("freshness").classList.remove("live");
    showTrouble("reach", `The daemon does not answer; what is shown may be old.\n${failure.message}`);
  }
  asking = false;
  if (!document.hidden) timer = setTimeout(refresh, POLL_MS);
}

document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
find("filter").addEventListener("input", () => { limit = ROWS_AT_ONCE; showList(); });
find("filter").form.addEventListener("submit", (event) => event.preventDefault());
find("states").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  [chosen, limit] = [button.value, ROWS_AT_ONCE];
  showSummary();
  showList();
});
find("more").addEventListener("click", () => {
  const first = limit;
  limit += 2 * ROWS_AT_ONCE;
  showList();
  find("targets").children[first]?.querySelector("summary").focus();
});
refresh();
