// The page of what happened: searched, and filtered by how much it matters.
import {Asking} from './asking.js';
import {count} from './format.js';
import {taskLink, workerLink} from './links.js';
import {Logs, RANK, WORDS, wordsOf} from './logs.js';
import {Rows} from './rows.js';

const KEPT = 2000, SHOWN = 200;
const $ = id => document.getElementById(id);

export class Events {
  // nameOf(board, worker) is what people call a worker
  constructor(nameOf) {
    this.logs = new Logs('eventlog', 'event', nameOf);
    this.rows = new Rows($('event-rows'));
    this.asking = new Asking((told, board) => this.take(told, board));
    this.all = [];
    $('event-search').addEventListener('input', () => this.draw());
    $('event-level').addEventListener('change', () => this.draw());
  }

  open(board) {
    if (this.board !== board) this.all = [];
    this.board = board;
    this.asking.start(board, `/events/${this.last()}`);
    this.logs.open(board, '/logs');
    this.draw();
  }

  close() {
    this.asking.stop();
    this.logs.close();
  }

  last() { return this.all.at(-1)?.number ?? 0; }

  take(told, board) {
    if (!told) return; // its session has ended: what was told stays
    this.all.push(...told.events);
    if (this.all.length > KEPT) this.all.splice(0, this.all.length - KEPT);
    this.asking.goOn(`/events/${told.last}`);
    if (told.events.length || !this.drawn) this.draw();
  }

  draw() {
    this.drawn = true;
    const words = wordsOf($('event-search').value), least = RANK[$('event-level').value];
    const found = this.all.filter(e => RANK[e.level] >= least && words.every(word => e.text.toLowerCase().includes(word))).reverse();
    $('event-empty').hidden = this.all.length > 0;
    $('event-none').hidden = this.all.length === 0 || found.length > 0;
    const told = found.length > SHOWN ? `the last ${count(SHOWN)} of ${count(found.length)}: search for a word to see others` : `${count(found.length)} of ${count(this.all.length)}`;
    if ($('event-count').textContent !== told) $('event-count').textContent = told;
    this.rows.draw(found.slice(0, SHOWN).map(e => ({key: e.number, cells: [
      new Date(e.millis).toLocaleTimeString(),
      {text: WORDS[e.level], className: e.level === 'info' ? '' : 'wrong'},
      {text: e.text, className: 'words'},
      this.link(e),
    ]})));
  }

  link(e) {
    if (e.stage >= 0) return {text: 'the task', href: taskLink(this.board, e.stage, e.partition)};
    if (e.worker >= 0) return {text: 'the worker', href: workerLink(this.board, e.worker)};
    return e.job >= 0 ? {text: 'the query', href: `#query-${this.board}-${e.job}`} : '';
  }
}
