// The server renders everything, escaped; this fetches the board anew when it says so, and sends
// answers without leaving the page: place, focus and sound stay.

import { lastSoundMs, ready, sound } from "./sound.js";

const QUIET_MS = 12000; // the server speaks every 5 s
const RETRY_MS = 2000;
const SETTLE_MS = 700; // a hand that aimed before the page moved
const TOLD_MS = 10000;
const SOUND_AGAIN_MS = 60000;
const ENDS_SOON_S = 900;
const LEAVE_MS = 1500; // long enough for the sound
const NEWEST = "fever-newest";
const LIST = "station-list";
const board = document.getElementById("board");
const notLive = document.getElementById("not-live");
const told = document.getElementById("told");
const ends = document.getElementById("ends");
const title = document.title;
const isChinese = document.documentElement.lang.startsWith("zh");
// The server's time when it was heard last, and by both clocks of this machine when that was: one
// may be set, the other stands still while the machine sleeps.
let heardS = Number(document.getElementById("banner").dataset.now);
let heardMs = performance.now();
let heardByClockMs = Date.now();
let isFetching = false;
let isStale = false;
let loudest = level();
// Kept from page to page: what came while one page made room for the next is heard there.
let heardOf = Number(sessionStorage.getItem(NEWEST) ?? newest());
let mostOverdue = overdue();
let wasClosed = isClosed();
let shown = fingerprints(board);
let layouts = [];
let lostMs = 0;
let isFailing = false;
let retry = null;
let hide = null;
let isLeaving = false;

function level() {
  return Number(document.getElementById("banner")?.dataset.level ?? 0);
}

function waiting() {
  return Number(document.getElementById("banner")?.dataset.waiting ?? 0);
}

function newest() {
  return Number(document.getElementById("banner")?.dataset.newest ?? 0);
}

function isClosed() {
  return document.getElementById("intake") !== null;
}

function overdue() {
  return Number(document.getElementById("overdue")?.dataset.stations ?? 0);
}

async function refresh() {
  if (isFetching) {
    isStale = true;
    return;
  }
  isFetching = true;
  try {
    const answer = await fetch(board.dataset.part + location.search, { credentials: "same-origin" });
    if (answer.redirected) {
      leave();
      return;
    }
    const html = await answer.text();
    if (answer.ok) {
      replace(html);
      isFailing = false;
      setLive(true);
    } else {
      fail(saidBy(html));
    }
  } catch {
    fail();
  } finally {
    isFetching = false;
    if (isStale) {
      isStale = false;
      refresh();
    }
  }
}

function fail(why) {
  isFailing = true;
  setLive(false, why);
  refreshLater();
}

// What an error's page says.
function saidBy(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = [...page.querySelectorAll("main h1, main .fault")];
  return parts.map((part) => part.textContent.trim()).join(" · ");
}

// The session is over: whoever is in the room must hear that nothing is shown any more. What was
// being typed into the search is there again after signing in.
function leave() {
  if (isLeaving) return;
  isLeaving = true;
  const isHeard = sound(2);
  const search = document.querySelector("form.search");
  const query = search ? `?${new URLSearchParams(new FormData(search))}` : "";
  const next = encodeURIComponent(location.pathname + query);
  setTimeout(() => location.assign(`/sign-in?over=yes&next=${next}`), isHeard ? LEAVE_MS : 0);
}

function refreshLater() {
  retry ??= setTimeout(() => {
    retry = null;
    refresh();
  }, RETRY_MS);
}

function replace(html) {
  const focused = document.activeElement?.id;
  const opened = [...board.querySelectorAll("details[open]")].map((element) => element.id);
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const made = fingerprints(fresh);
  remember();
  const columns = board.querySelector(".columns");
  if (columns === null) {
    board.replaceChildren(...fresh.childNodes);
  } else {
    replaceColumns(columns, fresh, made);
  }
  shown = made;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  showTimes();
  announce();
}

function announce() {
  if (level() > loudest || newest() > heardOf || overdue() > mostOverdue) sound(level());
  else if (isClosed() && !wasClosed) sound(2);
  wasClosed = isClosed();
  loudest = level();
  heardOf = Math.max(heardOf, newest());
  sessionStorage.setItem(NEWEST, heardOf);
  mostOverdue = overdue();
}

function replaceColumns(columns, fresh, made) {
  const newColumns = fresh.querySelector(".columns");
  update(columns.querySelector(".cases"), newColumns.querySelector(".cases"), made);
  const list = document.getElementById(LIST);
  if (made.get(LIST) !== shown.get(LIST)) list.replaceWith(newColumns.querySelector(".stations"));
  newColumns.remove();
  for (const child of [...board.childNodes]) if (child !== columns) child.remove();
  columns.before(...fresh.childNodes);
}

// Where the buttons stood before the page moved.
function remember() {
  const buttons = [...board.querySelectorAll("form.answers button")];
  const places = buttons.map((button) => [button.id, button.getBoundingClientRect()]);
  layouts = [...recent(), { atMs: performance.now(), places }];
}

function recent() {
  return layouts.filter((layout) => performance.now() - layout.atMs < SETTLE_MS);
}

// Whether a moment ago another case's button stood where this press fell.
function isMisled(event, id) {
  const isHere = (box) => box.left <= event.clientX && event.clientX <= box.right
    && box.top <= event.clientY && event.clientY <= box.bottom;
  return recent().some(({ places }) => places.some(([other, box]) => other !== id && isHere(box)));
}

board.addEventListener("click", (event) => {
  const button = event.target.closest("form.answers button");
  // A press of a key has no place, and the button that has the focus is meant.
  if (button && event.detail > 0 && isMisled(event, button.id)) {
    event.preventDefault();
    tell(told.dataset.moved, true);
  }
});

board.addEventListener("submit", (event) => {
  if (!event.target.matches("form.answers")) return;
  event.preventDefault();
  answer(event.target);
});

async function answer(form) {
  const button = form.querySelector("button");
  const next = button.matches(":focus-visible") ? nextWaiting(form.closest("article")) : null;
  const body = new URLSearchParams(new FormData(form));
  button.disabled = true;
  try {
    const request = { method: "POST", body, headers: { "X-Script": "yes" } };
    const given = await fetch(form.action, { ...request, credentials: "same-origin" });
    if (given.redirected) {
      leave();
      return;
    }
    const text = await given.text();
    tell(given.ok ? text : saidBy(text), given.ok);
  } catch {
    tell(told.dataset.unsent, false);
  }
  button.disabled = false;
  await refresh();
  const place = document.getElementById(next) ?? (next && board.querySelector("article.waiting"));
  if (place) {
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }
}

function nextWaiting(article) {
  const waits = [...board.querySelectorAll("article.waiting")];
  return (waits[waits.indexOf(article) + 1] ?? waits[0]).id;
}

function tell(text, isDone) {
  clearTimeout(hide);
  told.textContent = text;
  told.classList.toggle("failed", !isDone);
  told.hidden = false;
  if (isDone) hide = setTimeout(() => (told.hidden = true), TOLD_MS);
  else sound(0);
}

// What the server made of each case, the map and the list, without the times that are filled in here.
function fingerprints(root) {
  const made = new Map();
  for (const element of root.querySelectorAll("article, figure, aside")) {
    const copy = element.cloneNode(true);
    for (const age of copy.querySelectorAll("time.age")) age.textContent = "";
    made.set(element.id, copy.outerHTML);
  }
  return made;
}

// A case that did not change keeps its element: a press on its button that is under way counts.
function update(kept, fresh, made) {
  const stays = (child) => made.has(child.id) && made.get(child.id) === shown.get(child.id);
  for (const child of [...kept.childNodes]) if (!stays(child)) child.remove();
  let place = kept.firstChild;
  for (const child of [...fresh.childNodes]) {
    const own = stays(child) ? document.getElementById(child.id) : child;
    if (own === place) place = place.nextSibling;
    else kept.insertBefore(own, place);
  }
}

function serverS() {
  return heardS + (performance.now() - heardMs) / 1000;
}

function showTimes() {
  const nowS = serverS();
  for (const element of document.querySelectorAll("time.age")) {
    const seconds = Math.max(0, Math.floor(nowS - Number(element.dataset.since)));
    const minutes = Math.floor(seconds / 60);
    element.textContent = minutes < 60
      ? `${minutes}:${String(seconds % 60).padStart(2, "0")}`
      : `${Math.floor(minutes / 60)} ${isChinese ? "小时" : "h"} ${minutes % 60} ${isChinese ? "分" : "min"}`;
  }
  const count = waiting();
  document.title = count ? `(${count}) ${title}` : title;
  ends.hidden = nowS < Number(ends.dataset.at) - ENDS_SOON_S;
}

function setLive(isLive, why = "") {
  if (notLive.hidden && !isLive) lostMs = performance.now();
  notLive.hidden = isLive;
  if (!isLive) notLive.querySelector("span").textContent = why || notLive.dataset.lost;
}

function heard(event) {
  heardMs = performance.now();
  heardByClockMs = Date.now();
  heardS = Number(event.data);
  if (!isFailing) setLive(true);
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("changed", (event) => {
    heard(event);
    refresh();
  });
  events.addEventListener("alive", heard);
  events.addEventListener("error", () => {
    setLive(false);
    // The browser gives up by itself only when the server refuses. If the session is over, the
    // board leads to the sign-in.
    if (events.readyState === EventSource.CLOSED) {
      refreshLater();
      setTimeout(listen, RETRY_MS);
    }
  });
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

listen();
setInterval(() => {
  showTimes();
  const nowMs = performance.now();
  if (Math.max(nowMs - heardMs, Date.now() - heardByClockMs) > QUIET_MS) setLive(false);
  const isLost = !notLive.hidden && nowMs - lostMs > QUIET_MS;
  if ((isLost || isClosed() || level()) && nowMs - lastSoundMs() > SOUND_AGAIN_MS) sound(Math.max(level(), 1));
}, 1000);
showTimes();
ready.then(announce);
