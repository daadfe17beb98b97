// Beeps: one for news, more for what grows louder.

const WISH = "fever-sound";
const START_MS = 50;
const strip = document.getElementById("sound");
let audio = null;
let soundedMs = 0;

// Sounds once and so many times more; returns whether it could be heard.
export function sound(times) {
  if (audio?.state !== "running") return false;
  soundedMs = performance.now();
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
  return true;
}

export function lastSoundMs() {
  return soundedMs;
}

// Browsers let a page sound only after a touch on it, or on the page that led to it. Once wanted,
// sound is wanted on every page, and any touch brings it back.
async function turnOn() {
  audio ??= new AudioContext();
  // Where no touch came yet, this waits for ever.
  audio.resume();
  await new Promise((done) => setTimeout(done, START_MS));
  strip.hidden = audio.state === "running";
}

strip.querySelector("button").addEventListener("click", async () => {
  localStorage.setItem(WISH, "on");
  await turnOn();
  sound(0);
});
// Settled when it is known whether this page can be heard.
export const ready = localStorage.getItem(WISH) ? turnOn() : Promise.resolve();
if (localStorage.getItem(WISH) === null) {
  strip.hidden = false;
} else {
  for (const touch of ["pointerdown", "keydown"]) {
    document.addEventListener(touch, () => { if (!strip.hidden) turnOn(); }, true);
  }
}
