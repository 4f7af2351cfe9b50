// What ran when in which slot: a strip of pixels for each slot, painted by filling typed arrays and then stretched; no canvas
// call for a single task. What tasks waited for is in bands of their own: before a task at the foot of its row, in a task at the top.
import {COLOURS, duration} from './format.js';
import {hasStage} from './feed.js';

const AXIS = 20, GAP = 2;
const SPAN_MIN = 1e3, SPAN_MAX = 600e6;

const packed = hex => {
  const n = parseInt(hex.slice(1), 16);
  return (0xff << 24 | (n & 255) << 16 | (n >> 8 & 255) << 8 | n >> 16) >>> 0;
};
const PACKED = COLOURS.map(packed), BAD = packed('#d0021b');
const THEMES = {light: {ink: packed('#1b1f24'), quiet: packed('#55606e')}, dark: {ink: packed('#e8ecf1'), quiet: packed('#a3afbd')}};

// What it waited for, in words.
const waits = (a, i) => [[a.fetch[i], 'fetched inputs for'], [a.memory[i], 'waited for memory for'], [a.spill[i], 'of that spilled or read back for']]
  .filter(([micros]) => micros > 0).map(([micros, words]) => `${words} ${duration(micros)}`);

export class TaskStream {
  // open(attempt number) is called for the task that a person picks
  constructor(canvas, info, tip, open) {
    this.canvas = canvas;
    this.info = info;
    this.tip = tip;
    this.open = open;
    this.paper = canvas.getContext('2d', {alpha: false});
    this.strips = document.createElement('canvas');
    this.strip = this.strips.getContext('2d');
    this.bands = document.createElement('canvas'); // for each row the one at its foot, then for each the one at its top
    this.band = this.bands.getContext('2d');
    this.span = 10e6;
    this.pan = 0;
    this.rows = [];
    this.rowOf = new Int16Array(1 << 16).fill(-1); // by worker and slot
    this.scriptMillis = 0;
    new ResizeObserver(() => this.resize()).observe(canvas);
    canvas.addEventListener('wheel', e => { e.preventDefault(); this.zoom(e.deltaY > 0 ? 1.25 : 0.8); }, {passive: false});
    canvas.addEventListener('keydown', e => this.key(e));
    canvas.addEventListener('pointerdown', e => this.grab(e));
    canvas.addEventListener('pointermove', e => this.move(e));
    canvas.addEventListener('pointerup', e => this.drop(e));
    canvas.addEventListener('pointerleave', () => { this.tip.textContent = ''; });
  }

  watch(feed, stages) {
    this.feed = feed;
    this.stages = stages;
    this.pan = 0;
  }

  // A row for each slot of each worker.
  slots(workers) {
    const rows = [];
    for (const worker of workers)
      for (let lane = 0; lane < Math.min(64, worker.slots); lane++) rows.push({worker: worker.id & 255, lane, name: worker.name});
    if (rows.length === this.rows.length && rows.every((r, i) => r.worker === this.rows[i].worker)) return;
    this.rows = rows;
    this.rowOf.fill(-1);
    rows.forEach((r, i) => { this.rowOf[r.worker << 8 | r.lane] = i; });
    this.resize();
  }

  resize() {
    const density = devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * density));
    this.canvas.height = Math.max(1, Math.round(this.canvas.clientHeight * density));
    this.strips.width = this.canvas.width;
    this.strips.height = Math.max(1, this.rows.length);
    this.image = this.strip.createImageData(this.strips.width, this.strips.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.bands.width = this.strips.width;
    this.bands.height = 2 * this.strips.height;
    this.bandImage = this.band.createImageData(this.bands.width, this.bands.height);
    this.bandPixels = new Uint32Array(this.bandImage.data.buffer);
    this.banded = false;
  }

  zoom(factor) { this.span = Math.min(SPAN_MAX, Math.max(SPAN_MIN, this.span * factor)); }

  key(event) {
    const keys = {
      '+': () => this.zoom(0.8), '=': () => this.zoom(0.8), '-': () => this.zoom(1.25),
      ArrowLeft: () => { this.pan += this.span / 10; },
      ArrowRight: () => { this.pan = Math.max(0, this.pan - this.span / 10); },
      Home: () => { this.pan = 0; },
      Enter: () => this.pick(this.nearest(this.end() - this.span / 2)),
    };
    const act = keys[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  }

  end() { return this.feed.clock() - this.pan; }

  grab(event) {
    this.grabbed = {x: event.clientX, pan: this.pan, moved: false};
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    const grabbed = this.grabbed;
    if (grabbed) {
      const by = event.clientX - grabbed.x;
      if (Math.abs(by) > 3) grabbed.moved = true;
      this.pan = Math.max(0, grabbed.pan + by * this.span / this.canvas.clientWidth);
      return;
    }
    const number = this.under(event);
    this.tip.textContent = number < 0 ? '' : this.words(number);
  }

  drop(event) {
    const clicked = this.grabbed && !this.grabbed.moved;
    this.grabbed = null;
    if (clicked) this.pick(this.under(event));
  }

  pick(number) { if (number >= 0) this.open(number); }

  under(event) {
    if (!this.feed || !this.rows.length) return -1;
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / (box.height - AXIS) * this.rows.length);
    const at = this.rows[row];
    if (!at) return -1;
    const time = this.end() - this.span + (event.clientX - box.left) / box.width * this.span;
    const slack = 2 * this.span / box.width;
    const a = this.feed.attempts;
    let best = -1, distance = slack;
    for (let n = a.head - 1; n >= a.oldest; n--) {
      const i = a.at(n);
      if (a.worker[i] !== at.worker || a.lane[i] !== at.lane) continue;
      if (time < a.start[i] && time >= a.start[i] - a.fetch[i] - a.memory[i]) { // what waits is behind what runs
        if (distance > 0) best = n;
        distance = 0;
        continue;
      }
      const off = Math.max(a.start[i] - time, time - a.start[i] - a.micros[i], 0);
      if (off === 0) return n;
      if (off < distance) { distance = off; best = n; }
    }
    return best;
  }

  // The attempt that is nearest to a time, in any row.
  nearest(time) {
    const a = this.feed.attempts;
    let best = -1, distance = Infinity;
    for (let n = a.head - 1; n >= a.oldest; n--) {
      const i = a.at(n);
      const off = Math.max(a.start[i] - time, time - a.start[i] - a.micros[i], 0);
      if (off < distance) { distance = off; best = n; }
    }
    return best;
  }

  words(number) {
    const a = this.feed.attempts, i = a.at(number);
    const stage = hasStage(a.stage[i]) ? this.stages.get(a.stage[i]) : null;
    const row = this.rows[this.rowOf[a.worker[i] << 8 | a.lane[i]]];
    return [stage ? stage.name : 'a stage of before', `partition ${a.partition[i]}`, row ? row.name : `worker ${a.worker[i]}`,
      a.failed[i] ? 'failed' : `ran ${duration(a.micros[i])}`, ...waits(a, i)].join(' · ');
  }

  draw() {
    if (!this.feed || !this.image) return;
    const began = performance.now();
    const a = this.feed.attempts, end = this.end(), begin = end - this.span;
    const width = this.strips.width, scale = width / this.span;
    const longest = 60e6, rowOf = this.rowOf, paints = [];
    const waited = [], top = this.rows.length * width, {ink} = this.theme();
    let drawn = 0, spilled = false;
    this.pixels.fill(0);
    if (this.banded) this.bandPixels.fill(0);
    for (let n = a.head - 1, oldest = a.oldest; n >= oldest; n--) {
      const i = a.at(n), start = a.start[i], stop = start + a.micros[i];
      if (stop < begin - longest) break;
      if (stop < begin || start > end) continue;
      const row = rowOf[a.worker[i] << 8 | a.lane[i]];
      if (row < 0) continue;
      const from = Math.max(0, (start - begin) * scale | 0), to = Math.min(width - 1, (stop - begin) * scale | 0);
      const paint = a.failed[i] ? BAD : paints[a.stage[i]] ??= this.paint(a.stage[i]);
      const base = row * width;
      if (to - from > 2) this.pixels.fill(paint, base + from, base + to - 1);
      else this.pixels[base + from] = paint;
      if (a.failed[i]) this.pixels.fill(BAD, base + Math.max(0, from - 1), base + from + 2);
      if (a.spill[i] * scale >= 1) {
        this.bandPixels.fill(ink, top + base + Math.max(from, to - 1 - Math.ceil(a.spill[i] * scale)), top + base + to - 1);
        spilled = true;
      }
      if ((a.fetch[i] + a.memory[i]) * scale >= 1) waited.push(i);
      drawn++;
    }
    for (const i of waited) this.drawWait(i, begin, scale);
    this.banded = spilled || waited.length > 0;
    this.lay(end);
    this.scriptMillis = performance.now() - began;
    this.drawn = drawn;
  }

  theme() { return THEMES[document.documentElement.dataset.theme] ?? THEMES.light; }

  // Before a task, where its slot had nothing else to do: how it fetched its inputs, then how it waited for memory.
  drawWait(i, begin, scale) {
    const a = this.feed.attempts, width = this.strips.width, base = this.rowOf[a.worker[i] << 8 | a.lane[i]] * width;
    const pixel = micros => Math.max(0, Math.min(width, (micros - begin) * scale | 0));
    const start = pixel(a.start[i]), waits = pixel(a.start[i] - a.memory[i]), fetches = pixel(a.start[i] - a.memory[i] - a.fetch[i]);
    const paint = this.paint(a.stage[i]), {quiet} = this.theme();
    for (let x = start - 1; x >= fetches; x--) {
      if (this.pixels[base + x]) return; // something else ran until then
      const back = start - 1 - x;
      if (x >= waits ? back % 3 === 1 : back & 2) this.bandPixels[base + x] = x >= waits ? quiet : paint;
    }
  }

  paint(stage) { return hasStage(stage) ? PACKED[this.stages.colour(stage) % PACKED.length] : PACKED[7]; }

  lay(end) {
    const paper = this.paper, density = devicePixelRatio || 1, style = getComputedStyle(document.documentElement);
    const height = this.canvas.height - AXIS * density, width = this.canvas.width;
    paper.fillStyle = style.getPropertyValue('--card');
    paper.fillRect(0, 0, width, this.canvas.height);
    paper.fillStyle = style.getPropertyValue('--track');
    const each = height / Math.max(1, this.rows.length);
    this.strip.putImageData(this.image, 0, 0);
    if (this.banded) this.band.putImageData(this.bandImage, 0, 0);
    paper.imageSmoothingEnabled = false;
    for (let r = 0; r < this.rows.length; r++) {
      const top = Math.round(r * each), tall = Math.max(1, Math.round(each) - GAP * density);
      const foot = Math.ceil(tall * 0.35), head = Math.ceil(tall * 0.2);
      paper.fillRect(0, top, width, tall);
      if (this.banded) paper.drawImage(this.bands, 0, r, width, 1, 0, top + tall - foot, width, foot);
      paper.drawImage(this.strips, 0, r, width, 1, 0, top, width, tall);
      if (this.banded) paper.drawImage(this.bands, 0, this.rows.length + r, width, 1, 0, top, width, head);
    }
    paper.fillStyle = style.getPropertyValue('--quiet');
    paper.font = `${12 * density}px system-ui, sans-serif`;
    for (let i = 0; i <= 4; i++) {
      const ago = this.pan + this.span * (1 - i / 4);
      paper.textAlign = i === 0 ? 'left' : i === 4 ? 'right' : 'center';
      paper.fillText(ago < 1 ? 'now' : `−${duration(ago)}`, width * i / 4, this.canvas.height - 5 * density);
    }
  }
}
