"use strict";
// The server renders everything, escaped; this only fetches the board anew when it says so.

const QUIET_MS = 12000; // the server speaks every 5 s
const RETRY_MS = 2000;
const LIST = "station-list";
const board = document.getElementById("board");
const notLive = document.getElementById("not-live");
const soundButton = document.getElementById("sound");
const title = document.title;
const isChinese = document.documentElement.lang.startsWith("zh");
let offsetS = 0;
let heardMs = Date.now();
let isFetching = false;
let isStale = false;
let loudest = level();
let mostWaiting = waiting();
let mostOverdue = overdue();
let shown = fingerprints(board);
let audio = null;
let retry = null;

function level() {
  return Number(document.getElementById("banner")?.dataset.level ?? 0);
}

function waiting() {
  return Number(document.getElementById("banner")?.dataset.waiting ?? 0);
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
      location.assign("/sign-in");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    replace(await answer.text());
    setLive(true);
  } catch {
    setLive(false);
    refreshLater();
  } finally {
    isFetching = false;
    if (isStale) {
      isStale = false;
      refresh();
    }
  }
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
  const columns = board.querySelector(".columns");
  const newColumns = fresh.querySelector(".columns");
  update(columns.querySelector(".cases"), newColumns.querySelector(".cases"), made);
  const list = document.getElementById(LIST);
  if (made.get(LIST) !== shown.get(LIST)) list.replaceWith(newColumns.querySelector(".stations"));
  newColumns.remove();
  for (const child of [...board.childNodes]) if (child !== columns) child.remove();
  columns.before(...fresh.childNodes);
  shown = made;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  showTimes();
  if (level() > loudest || waiting() > mostWaiting || overdue() > mostOverdue) sound(level());
  loudest = level();
  mostWaiting = waiting();
  mostOverdue = overdue();
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

function showTimes() {
  const nowS = Date.now() / 1000 + offsetS;
  for (const element of document.querySelectorAll("time.age")) {
    const seconds = Math.max(0, Math.floor(nowS - Number(element.dataset.since)));
    const minutes = Math.floor(seconds / 60);
    element.textContent = minutes < 60
      ? `${minutes}:${String(seconds % 60).padStart(2, "0")}`
      : `${Math.floor(minutes / 60)} ${isChinese ? "小时" : "h"} ${minutes % 60} ${isChinese ? "分" : "min"}`;
  }
  const count = waiting();
  document.title = count ? `(${count}) ${title}` : title;
}

function setLive(isLive) {
  notLive.hidden = isLive;
}

function heard(event) {
  heardMs = Date.now();
  offsetS = Number(event.data) - heardMs / 1000;
  setLive(true);
}

function sound(times) {
  if (audio?.state !== "running") return;
  for (let count = 0; count <= times; count++) {
    const start = audio.currentTime + count * 0.35;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660 + 110 * times;
    volume.gain.value = Math.min(0.9, 0.2 + 0.2 * times);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.22);
  }
}

// Browsers let a page sound only after a touch on it.
soundButton.hidden = false;
soundButton.addEventListener("click", async () => {
  audio = new AudioContext();
  await audio.resume();
  soundButton.hidden = true;
  sound(0);
});

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

listen();
setInterval(() => {
  showTimes();
  if (Date.now() - heardMs > QUIET_MS) setLive(false);
}, 1000);
showTimes();
