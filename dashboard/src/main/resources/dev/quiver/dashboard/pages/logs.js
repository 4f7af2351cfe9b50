// What workers logged and what tasks printed there: a table that is searched, and filtered by how much a line matters.
import {Asking} from './asking.js';
import {count} from './format.js';
import {workerLink} from './links.js';
import {Rows} from './rows.js';

const KEPT = 2000, SHOWN = 200;
export const RANK = {debug: 0, info: 1, warning: 2, error: 3};
export const WORDS = {debug: 'debug', info: 'info', warning: '▲ warning', error: '✕ error'};
const $ = id => document.getElementById(id);

export const wordsOf = text => text.toLowerCase().split(/\s+/).filter(Boolean);

export class Logs {
  // ids of its elements begin with prefix; asks are those of what is searched for; nameOf(board, worker) is told where lines of several workers are shown
  constructor(prefix, asks, nameOf = null) {
    this.prefix = prefix;
    this.asks = asks;
    this.nameOf = nameOf;
    this.rows = new Rows($(`${prefix}-rows`));
    this.asking = new Asking((told, board) => this.take(told, board));
    this.all = [];
    $(`${asks}-search`).addEventListener('input', () => this.draw());
    $(`${asks}-level`).addEventListener('change', () => this.draw());
  }

  // path behind /api/v1/boards/BOARD
  open(board, path) {
    if (this.board !== board || this.path !== path) {
      this.all = [];
      this.last = 0;
    }
    this.board = board;
    this.path = path;
    this.asking.start(board, `${path}/${this.last}`);
    this.draw();
  }

  close() { this.asking.stop(); }

  take(told) {
    if (!told) return; // its session has ended: what was told stays
    this.all.push(...told.lines);
    if (this.all.length > KEPT) this.all.splice(0, this.all.length - KEPT);
    this.last = told.last;
    this.asking.goOn(`${this.path}/${told.last}`);
    if (told.lines.length) this.draw();
  }

  draw() {
    const words = wordsOf($(`${this.asks}-search`).value), least = RANK[$(`${this.asks}-level`).value];
    const found = this.all.filter(l => RANK[l.level] >= least && words.every(word => `${l.source} ${l.text}`.toLowerCase().includes(word))).reverse();
    $(`${this.prefix}-empty`).hidden = this.all.length > 0;
    $(`${this.prefix}-none`).hidden = this.all.length === 0 || found.length > 0;
    const told = this.all.length === 0 ? '' : found.length > SHOWN ? `the last ${count(SHOWN)} of ${count(found.length)}` : `${count(found.length)} of ${count(this.all.length)}`;
    if ($(`${this.prefix}-count`).textContent !== told) $(`${this.prefix}-count`).textContent = told;
    this.rows.draw(found.slice(0, SHOWN).map(l => ({key: l.number, cells: [
      new Date(l.millis).toLocaleTimeString(),
      {text: WORDS[l.level], className: RANK[l.level] > RANK.info ? 'wrong' : ''},
      ...this.nameOf ? [{text: this.nameOf(this.board, l.worker), href: workerLink(this.board, l.worker)}] : [],
      {text: l.text, className: 'words lines'},
      {text: l.source.split('.').at(-1), className: 'words'},
    ]})));
  }
}
