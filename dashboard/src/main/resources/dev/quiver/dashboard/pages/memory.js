// The page of what is held in memory, for whom, and how it comes back.
import {Asking} from './asking.js';
import {bytes, count} from './format.js';
import {workerLink} from './links.js';
import {Rows, facts} from './rows.js';

const $ = id => document.getElementById(id);
const share = (part, all) => all ? part / all : 0;
const whose = owner => owner || 'this session';

export class Memory {
  // nameOf(board, worker) is what people call a worker
  constructor(nameOf) {
    this.nameOf = nameOf;
    this.owners = new Rows($('owner-rows'));
    this.holdings = new Rows($('holding-rows'));
    this.asking = new Asking((told, board) => this.draw(told, board));
  }

  open(board) { this.asking.start(board, '/memory'); }

  close() { this.asking.stop(); }

  draw(told, board) {
    if (!told) return; // its session has ended: it stays as it was
    const held = told.holdings.reduce((sum, h) => sum + h.bytes, told.otherBytes);
    facts($('memory-facts'), [
      ['in use', `${bytes(told.usedBytes)} of ${bytes(told.limitBytes)}`],
      ['spilled to files', bytes(told.spilledBytes)],
      ['held for somebody', bytes(held)],
    ]);
    $('memory-part').hidden = told.whole;
    $('memory-empty').hidden = told.holdings.length > 0;
    $('owners').hidden = told.owners.every(o => !o.owner);
    this.owners.draw(told.owners.map(o => ({key: o.owner, cells: [
      {text: whose(o.owner), className: 'words'}, count(o.outputs), {text: bytes(o.bytes), meter: share(o.bytes, held), high: 1.1, label: `part of what is held that ${whose(o.owner)} has`},
    ]})));
    this.holdings.draw(told.holdings.map(h => ({key: `${h.stage}/${h.what}`, cells: [
      {text: h.what, className: 'words'},
      {text: bytes(h.bytes), meter: share(h.bytes, held), high: 1.1, label: `part of what is held that is ${h.what}`},
      h.spilledBytes < 0 ? '' : bytes(h.spilledBytes),
      count(h.outputs),
      h.job === undefined ? {text: h.published ? `'${h.published}'` : h.stage < 0 ? 'a kept frame' : 'tasks', className: 'words'}
        : {text: h.title, href: `#query-${board}-${h.job}`, className: 'words'},
      {text: whose(h.owner), className: 'words'},
      h.workers.length === 1 ? {text: this.nameOf(board, h.workers[0]), href: workerLink(board, h.workers[0])}
        : h.workers.length ? `${count(h.workers.length)} workers` : 'this process',
      {text: h.release, className: 'words'},
    ]})));
    $('memory-more').hidden = told.others === 0;
    $('memory-more').textContent = `and ${count(told.others)} smaller ones with ${bytes(told.otherBytes)}`;
  }
}
