// The page of stages as a graph: what is read is on the left of what reads it.
import {Asking} from './asking.js';
import {bytes, count} from './format.js';

const WIDTH = 250, HEIGHT = 118, GAP_X = 64, GAP_Y = 14;
const SVG = 'http://www.w3.org/2000/svg';
const $ = id => document.getElementById(id);

const STATES = {
  waiting: 'waits for what it reads', ready: 'waits for a slot', running: 'running', done: 'done',
  left: 'let go: nobody needed the rest', failed: 'failed',
};

function details(s) {
  return [[s.waiting, 'waiting'], [s.ready, 'ready'], [s.assigned, 'with workers'], [s.failed, 'failed']]
    .filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`).join(', ')
    || [s.rows && `${count(s.rows)} ${s.rows === 1 ? 'row' : 'rows'}`, s.bytes && bytes(s.bytes)].filter(Boolean).join(', ');
}

// Where each stage is: one column right of the rightmost that it reads.
function lay(stages) {
  const byId = new Map(stages.map(s => [s.id, s])), columns = new Map();
  const column = (s, path) => {
    if (!columns.has(s.id)) {
      const reads = s.reads.filter(id => byId.has(id) && !path.has(id));
      columns.set(s.id, reads.length ? 1 + Math.max(...reads.map(id => column(byId.get(id), new Set([...path, s.id])))) : 0);
    }
    return columns.get(s.id);
  };
  const used = [], places = new Map();
  for (const s of stages) {
    const x = column(s, new Set()), y = used[x] ?? 0;
    used[x] = y + 1;
    places.set(s.id, {x: x * (WIDTH + GAP_X), y: y * (HEIGHT + GAP_Y)});
  }
  return {places, width: used.length * (WIDTH + GAP_X) - GAP_X, height: Math.max(...used.map(n => n ?? 0)) * (HEIGHT + GAP_Y) - GAP_Y};
}

export class Graph {
  constructor() {
    this.groups = new Map();
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board) { this.asking.start(board, '/graph'); }

  close() { this.asking.stop(); }

  draw(told, board) {
    if (!told) return; // its session has ended: it stays as it was
    $('graph-empty').hidden = told.groups.length > 0;
    $('graph-more').hidden = told.others === 0;
    $('graph-more').textContent = `and ${count(told.others)} more stages of older queries and tasks`;
    const key = g => `${board}/${g.stages[0].id}`, wanted = new Set(told.groups.map(key));
    for (const [old, group] of this.groups) if (!wanted.has(old)) { group.item.remove(); this.groups.delete(old); }
    let before = null;
    for (const g of told.groups) {
      let group = this.groups.get(key(g));
      if (!group) this.groups.set(key(g), group = this.group());
      const next = before ? before.nextSibling : $('graph-groups').firstChild;
      if (next !== group.item) $('graph-groups').insertBefore(group.item, next);
      before = group.item;
      this.fill(group, g, board);
    }
  }

  group() {
    const item = $('graph-group').content.firstElementChild.cloneNode(true);
    return {item, title: item.querySelector('h3'), wide: item.querySelector('.wide'), room: item.querySelector('.graph'), edges: item.querySelector('svg'), cards: new Map(), drawn: ''};
  }

  fill(group, g, board) {
    const title = g.title ?? 'Tasks', link = group.title.firstElementChild;
    if (g.job === undefined && group.title.textContent !== title) group.title.textContent = title;
    if (g.job !== undefined && link?.textContent !== title) {
      const made = document.createElement('a');
      made.href = `#query-${board}-${g.job}`;
      made.textContent = title;
      const place = document.createElement('small');
      place.textContent = g.place;
      group.title.replaceChildren(made, ' ', place);
    }
    group.wide.setAttribute('aria-label', `Stages of ${title}`);
    const shape = JSON.stringify(g.stages.map(s => [s.id, s.reads]));
    if (group.drawn !== shape) {
      group.drawn = shape;
      this.place(group, g);
    }
    for (const s of g.stages) this.show(group.cards.get(s.id), s);
  }

  place(group, g) {
    const {places, width, height} = lay(g.stages);
    group.room.style.width = `${width}px`;
    group.room.style.height = `${height}px`;
    group.edges.setAttribute('width', width);
    group.edges.setAttribute('height', height);
    const there = new Set(g.stages.map(s => s.id));
    for (const [id, card] of group.cards) if (!there.has(id)) { card.item.remove(); group.cards.delete(id); }
    const edges = [];
    for (const s of g.stages) {
      const at = places.get(s.id);
      if (!group.cards.has(s.id)) {
        const item = group.room.appendChild($('graph-card').content.firstElementChild.cloneNode(true));
        const part = name => item.querySelector(name);
        group.cards.set(s.id, {item, name: part('b'), state: part('.state'), detail: part('.detail'), track: part('.track'), given: part('.given'), good: part('.good'), bad: part('.bad')});
      }
      const style = group.cards.get(s.id).item.style;
      style.left = `${at.x}px`;
      style.top = `${at.y}px`;
      for (const read of s.reads) {
        const from = places.get(read), x = from.x + WIDTH, y = from.y + HEIGHT / 2, to = at.y + HEIGHT / 2, middle = (x + at.x) / 2;
        const edge = document.createElementNS(SVG, 'path');
        edge.setAttribute('d', `M${x} ${y}C${middle} ${y} ${middle} ${to} ${at.x} ${to}`);
        edges.push(edge);
      }
    }
    group.edges.replaceChildren(...edges);
  }

  show(card, s) {
    const total = Math.max(1, s.total), ended = s.finished + s.dropped;
    card.item.className = `card ${s.state}`;
    card.name.textContent = card.name.title = s.name;
    card.state.textContent = `${STATES[s.state]}, ${count(ended)} of ${count(s.total)}`;
    card.detail.textContent = details(s);
    card.track.setAttribute('aria-label', `${s.name}: ${STATES[s.state]}`);
    card.track.setAttribute('aria-valuenow', Math.round(100 * (ended + s.failed) / total));
    card.good.style.transform = `scaleX(${ended / total})`;
    card.bad.style.transform = `scaleX(${s.failed / total})`;
    card.given.style.transform = `scaleX(${Math.min(1, (ended + s.assigned) / total)})`;
  }
}
