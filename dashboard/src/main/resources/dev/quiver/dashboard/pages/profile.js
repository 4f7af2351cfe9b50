// The page of what tasks do: a flame graph of samples, and the same as a table.
import {Asking} from './asking.js';
import {colour, count, duration} from './format.js';
import {Rows} from './rows.js';

const ASK_MILLIS = 2000, ROW_PIXELS = 19, SHARE_MIN = 0.002, NAMED_PIXELS = 26, LISTED = 25;
const $ = id => document.getElementById(id);
const percent = part => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;

export class Profile {
  // crew(board) are the workers that are there, each with id and name
  constructor(crew) {
    this.crew = crew;
    this.asking = new Asking(told => this.take(told), ASK_MILLIS);
    this.rows = new Rows($('profile-rows'));
    this.zoom = []; // names from the root to what fills the width
    this.focus = '';
    this.who = 'all';
    $('profile-worker').addEventListener('change', () => this.choose($('profile-worker').value));
    for (const id of ['profile-seconds', 'profile-detail']) $(id).addEventListener('change', () => this.ask());
    $('profile-hold').addEventListener('click', () => this.hold(!this.held));
    $('profile-all').addEventListener('click', () => this.zoomTo([]));
    $('flames').addEventListener('keydown', e => this.key(e));
    $('flames').addEventListener('click', e => e.target.path && this.zoomTo(e.target.path));
    for (const event of ['mouseover', 'focusin']) $('flames').addEventListener(event, e => e.target.path && this.tell(e.target));
    new ResizeObserver(() => this.draw()).observe($('flames'));
  }

  // worker is the number of the one that is looked at; without it, the one that was
  open(board, worker) {
    if (board !== this.board) {
      this.forget();
      this.who = 'all';
    }
    this.board = board;
    $('profile-where').hidden = board !== null;
    $('profile-where').textContent = 'No session is there. As soon as one begins, what its tasks do is shown here.';
    $('profile-shown').hidden = board === null;
    if (board !== null) this.choose(worker ?? this.who);
  }

  choose(worker) {
    if (worker !== this.who) this.forget();
    this.who = worker;
    this.offer();
    this.ask();
  }

  // What was told isn't about what is looked at.
  forget() {
    this.told = null;
    this.zoom = [];
    this.focus = '';
    $('flames').replaceChildren();
    $('flames').style.height = 0;
    this.rows.draw([]);
    for (const id of ['profile-info', 'flame-tip']) $(id).textContent = '';
    $('profile-none').hidden = true;
  }

  // Who can be looked at; one that has gone stays as long as it is.
  offer() {
    const there = [...this.crew(this.board)].sort((a, b) => a.id - b.id), select = $('profile-worker');
    if (this.who !== 'all' && !there.some(w => String(w.id) === this.who)) there.push({id: this.who, name: `worker ${this.who}, gone`});
    const wanted = JSON.stringify(there.map(w => [w.id, w.name]));
    if (select.dataset.shown !== wanted) {
      select.dataset.shown = wanted;
      select.replaceChildren(new Option('all workers', 'all'), ...there.map(w => new Option(w.name || `worker ${w.id}`, w.id)));
    }
    select.value = this.who;
  }

  close() { this.asking.stop(); }

  hold(held) {
    this.held = held;
    $('profile-hold').setAttribute('aria-pressed', held);
    if (held) this.asking.stop();
    else this.ask();
  }

  ask() {
    this.held = false;
    $('profile-hold').setAttribute('aria-pressed', false);
    this.asking.start(this.board, this.path());
  }

  path() {
    const seconds = Number($('profile-seconds').value), now = Math.floor(Date.now() / 1000);
    return `/profile/${this.who}/${$('profile-detail').value}${seconds ? `/${now - seconds}/${now + 1}` : ''}`;
  }

  take(told) {
    if (!told) return; // the session has ended: it stays as it was
    this.asking.goOn(this.path());
    $('profile-of').hidden = !told.remote;
    this.offer();
    $('profile-where').hidden = told.there;
    $('profile-where').textContent = told.why ?? '';
    $('profile-graph').hidden = !told.there;
    if (!told.there) return;
    this.told = told;
    const took = Math.max(1, told.nowMillis - told.sinceMillis), reading = (told.readingMicros / took / 10 / told.sampled).toFixed(2);
    const crew = told.sampled === 1 ? '' : ` on ${count(told.sampled)} workers${told.sampled < told.workers ? ` of ${count(told.workers)}: more aren’t sampled at once` : ''}`;
    $('profile-info').textContent = `${count(told.samples)} samples of ${told.samplesOf}, one in ${told.periodMillis} ms of each thread${crew}. `
      + `Sampling for ${duration(took * 1000)}; reading the samples took ${reading} % of a core${told.sampled === 1 ? '' : ' of each'}.`;
    this.draw();
  }

  zoomTo(path) {
    this.zoom = path;
    this.focus = path.join('\n');
    this.draw(true);
  }

  // What fills the width, as far as it is still there.
  node() {
    let at = {n: 'all', v: this.told.samples, c: this.told.calls};
    const there = [];
    for (const name of this.zoom) {
      const next = at.c.find(call => call.n === name);
      if (!next) break;
      there.push(name);
      at = next;
    }
    this.zoom = there;
    return at;
  }

  draw(focus = false) {
    const box = $('flames');
    if (!this.told || !box.clientWidth) return;
    const focused = focus || box.contains(document.activeElement), top = this.node(), flames = [];
    $('profile-none').hidden = this.told.samples > 0;
    $('profile-all').hidden = this.zoom.length === 0;
    const place = (node, path, left, width, depth, hue) => {
      flames.push({node, path, left, width, depth, hue});
      let at = left;
      for (const call of [...node.c].sort((a, b) => b.v - a.v)) {
        const share = call.v / node.v * width;
        if (share >= SHARE_MIN) place(call, [...path, call.n], at, share, depth + 1, path.length ? hue : this.hue(call.n));
        at += share;
      }
    };
    if (top.v) place(top, this.zoom, 0, 1, 0, this.zoom.length ? this.hue(this.zoom[0]) : 'var(--track)');
    const depth = Math.max(0, ...flames.map(f => f.depth));
    box.style.height = `${(depth + 1) * ROW_PIXELS}px`;
    while (box.children.length > flames.length) box.lastElementChild.remove();
    while (box.children.length < flames.length) {
      const item = box.appendChild(document.createElement('div'));
      item.setAttribute('role', 'treeitem');
    }
    flames.forEach((f, i) => this.paint(box.children[i], f, box.clientWidth));
    const items = [...box.children], current = items.find(item => item.path.join('\n') === this.focus) ?? items[0];
    for (const item of items) item.tabIndex = item === current ? 0 : -1;
    if (focused) current?.focus();
    this.list(top);
  }

  hue(operator) {
    this.hues ??= new Map();
    if (!this.hues.has(operator)) this.hues.set(operator, colour(this.hues.size));
    return this.hues.get(operator);
  }

  paint(item, {node, path, left, width, depth, hue}, pixels) {
    item.path = path;
    item.share = node.v / this.told.samples;
    item.style.left = `${100 * left}%`;
    item.style.width = `${100 * width}%`;
    item.style.top = `${depth * ROW_PIXELS}px`;
    item.style.setProperty('--hue', hue);
    item.setAttribute('aria-level', depth + 1);
    const name = path.at(-1) ?? 'all';
    item.setAttribute('aria-label', `${name}, ${percent(item.share)}`);
    const text = width * pixels >= NAMED_PIXELS ? name : '';
    if (item.textContent !== text) item.textContent = text;
  }

  tell(item) {
    $('flame-tip').textContent = `${item.path.at(-1) ?? 'all'}: ${percent(item.share)} of all, ${count(Math.round(item.share * this.told.samples))} samples`;
  }

  // Up and down go to what called and what was called, left and right to those beside it; Enter has it fill the width.
  key(e) {
    const items = [...$('flames').children], from = e.target, level = Number(from.getAttribute('aria-level')), path = from.path?.join('\n') ?? '';
    const near = (at, step) => {
      for (let i = items.indexOf(at) + step; items[i]; i += step) if (Number(items[i].getAttribute('aria-level')) === level) return items[i];
      return null;
    };
    let to = null;
    if (e.key === 'ArrowUp') to = items.find(item => item.path.join('\n') === from.path.slice(0, -1).join('\n') && item !== from);
    else if (e.key === 'ArrowDown') to = items.find(item => item.path.length === from.path.length + 1 && item.path.slice(0, -1).join('\n') === path);
    else if (e.key === 'ArrowRight') to = near(from, 1);
    else if (e.key === 'ArrowLeft') to = near(from, -1);
    else if (e.key === 'Enter' || e.key === ' ') this.zoomTo(from.path);
    else if (e.key === 'Escape' || e.key === 'Home') this.zoomTo([]);
    else return;
    e.preventDefault();
    if (!to) return;
    this.focus = to.path.join('\n');
    for (const item of items) item.tabIndex = item === to ? 0 : -1;
    to.focus();
  }

  // Of what fills the width: where time went itself, without what was called.
  list(top) {
    const own = new Map();
    const add = (node, operator) => {
      const called = node.c.reduce((sum, call) => sum + call.v, 0), key = `${operator}\n${node.n}`;
      const known = own.get(key) ?? {name: node.n, operator, self: 0};
      known.self += node.v - called;
      own.set(key, known);
      for (const call of node.c) add(call, operator);
    };
    if (this.zoom.length) add(top, this.zoom[0]);
    else for (const call of top.c) add(call, call.n);
    const all = [...own.values()].filter(o => o.self > 0).sort((a, b) => b.self - a.self).slice(0, LISTED);
    this.rows.draw(all.map(o => ({key: `${o.operator}\n${o.name}`, cells: [
      {text: o.name, className: 'words'}, {text: o.operator, className: 'words'},
      {text: percent(o.self / this.told.samples), meter: o.self / this.told.samples, high: 1.1, label: `share of ${o.name}`},
      count(o.self),
    ]})));
  }
}
