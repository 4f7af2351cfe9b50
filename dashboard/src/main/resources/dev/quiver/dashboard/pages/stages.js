// How far each stage is.
import {bytes, colour, count, duration, short} from './format.js';

const ENDED_SHOWN = 12;

const left = s => s.waiting + s.ready + s.assigned;

function words(s, now) {
  const parts = [];
  if (s.rows) parts.push(`${short(s.rows)} rows out`);
  if (s.bytes) parts.push(bytes(s.bytes));
  const ended = s.untilMicros >= 0;
  const spent = s.sinceMicros < 0 ? 0 : (ended ? s.untilMicros : now) - s.sinceMicros;
  if (spent > 1e5 && s.rows) parts.push(`${short(s.rows / spent * 1e6)} rows/s`);
  if (ended) parts.push(`took ${duration(Math.max(spent, 0))}`);
  else if (s.finished && left(s) && spent > 5e5) parts.push(`about ${duration(spent * left(s) / s.finished)} left`);
  else if (s.assigned) parts.push(`${count(s.assigned)} with workers`);
  return parts.join(' · ');
}

export class Stages {
  constructor(list, empty, more) {
    this.list = list;
    this.empty = empty;
    this.more = more;
    this.all = false;
    this.known = new Map();
    this.colours = new Map();
    this.byIndex = [];
    this.rows = new Map();
    more.addEventListener('click', () => { this.all = !this.all; this.draw(this.drawn); });
  }

  get(index) { return this.known.get(index); }

  reset() {
    this.known.clear();
    this.colours = new Map();
    this.byIndex = [];
  }

  // Stages that do the same have the same colour.
  take(stages) {
    for (const stage of stages) {
      this.known.set(stage.index, stage);
      if (!this.colours.has(stage.name)) this.colours.set(stage.name, this.colours.size);
      this.byIndex[stage.index] = this.colours.get(stage.name);
    }
  }

  colour(index) { return this.byIndex[index] ?? 7; }

  // What runs first, then what ended last.
  draw(now) {
    this.drawn = now;
    const open = [], ended = [];
    for (const s of this.known.values()) (s.untilMicros < 0 ? open : ended).push(s);
    ended.sort((a, b) => b.untilMicros - a.untilMicros || b.index - a.index);
    const shown = [...open, ...(this.all ? ended : ended.slice(0, ENDED_SHOWN))];
    this.empty.hidden = this.known.size > 0;
    this.more.hidden = ended.length <= ENDED_SHOWN;
    this.more.textContent = this.all ? 'Show fewer' : `Show ${count(ended.length - ENDED_SHOWN)} more that have ended`;
    const wanted = new Set(shown.map(s => s.index));
    for (const [index, row] of this.rows) if (!wanted.has(index)) { row.item.remove(); this.rows.delete(index); }
    let before = null;
    for (const s of shown) {
      const row = this.row(s);
      const next = before ? before.nextSibling : this.list.firstChild;
      if (next !== row.item) this.list.insertBefore(row.item, next);
      before = row.item;
      this.fill(row, s, now);
    }
  }

  row(s) {
    let row = this.rows.get(s.index);
    if (row) return row;
    const item = document.createElement('li');
    const label = item.appendChild(document.createElement('div'));
    label.className = 'label';
    const name = label.appendChild(document.createElement('span'));
    const done = label.appendChild(document.createElement('span'));
    const track = item.appendChild(document.createElement('div'));
    track.className = 'track';
    track.setAttribute('role', 'progressbar');
    track.setAttribute('aria-valuemin', '0');
    track.setAttribute('aria-valuemax', '100');
    const given = track.appendChild(document.createElement('i'));
    const good = track.appendChild(document.createElement('i'));
    const bad = track.appendChild(document.createElement('i'));
    given.className = 'given';
    bad.className = 'bad';
    const detail = item.appendChild(document.createElement('div'));
    detail.className = 'detail';
    row = {item, name, done, track, given, good, bad, detail};
    this.rows.set(s.index, row);
    return row;
  }

  fill(row, s, now) {
    const total = Math.max(1, s.total), ended = s.finished + s.dropped;
    const failed = s.failed ? ` · ${count(s.failed)} failed` : '';
    row.name.textContent = s.name;
    row.done.textContent = `${count(ended)} / ${count(s.total)}${failed}`;
    row.done.className = s.failed ? 'wrong' : '';
    row.item.className = s.untilMicros >= 0 ? 'ended' : '';
    row.track.setAttribute('aria-label', s.name);
    row.track.setAttribute('aria-valuenow', Math.round(100 * (ended + s.failed) / total));
    row.good.style.background = row.given.style.background = colour(this.colour(s.index));
    row.bad.style.transform = `scaleX(${s.failed / total})`;
    row.good.style.transform = `scaleX(${ended / total})`;
    row.bad.style.transformOrigin = '100% 0';
    row.given.style.transform = `scaleX(${Math.min(1, (ended + s.assigned) / total)})`;
    row.detail.textContent = words(s, now);
  }
}
