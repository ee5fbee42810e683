// SPDX-License-Identifier: MIT
// A browser for the tests: a JSON object a line in, a JSON answer a line out. Debian's Chromium, as people have it.
"use strict";

const fs = require("node:fs");
const readline = require("node:readline");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

let page;
const troubles = [];  // what a page that is well does not cause
const requests = [];  // the paths that were asked for

async function start({ profile, width, height, scheme }) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium", headless: true, args: flags, viewport: { width, height }, colorScheme: scheme,
    locale: "en-GB", timezoneId: "UTC",
  });
  page = context.pages()[0] ?? (await context.newPage());
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("request", (request) => noteRequest(request.url()));
}

function noteRequest(text) {
  const url = new URL(text);
  if (url.protocol === "data:") return;
  const own = page.url() === "about:blank" || url.origin === new URL(page.url()).origin;
  if (!own) troubles.push(`an outside request: ${text}`);
  requests.push(url.pathname);
}

// The page's policy forbids what Playwright's own waitForFunction would do in it.
async function wait({ script, timeout }) {
  const deadline = Date.now() + timeout;
  while (!(await page.evaluate(script))) {
    if (Date.now() > deadline) throw new Error(`not within ${timeout} ms: ${script}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const commands = {
  start,
  open: async ({ url }) => void (await page.goto(url)),
  evaluate: ({ script }) => page.evaluate(script),
  wait,
  fill: ({ selector, text }) => page.fill(selector, text),
  click: ({ selector }) => page.click(selector),
  press: ({ key }) => page.keyboard.press(key),
  look: async ({ width, height, scheme }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
  },
  screenshot: async ({ path, whole }) => void (await page.screenshot({ path, fullPage: whole })),
  troubles: () => troubles,
  requests: () => requests.splice(0),
  accessibility: async () => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 200))}`);
  },
};

async function answer(line) {
  const { command, ...parameters } = JSON.parse(line);
  try {
    return { result: (await commands[command](parameters)) ?? null };
  } catch (failure) {
    return { failure: String(failure) };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin }))
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  await page?.context().close();
}

main();
