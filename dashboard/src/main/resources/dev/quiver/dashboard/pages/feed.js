// The stream of one board: frames as dev.quiver.dashboard.LiveStream describes them.

const SNAPSHOT = 0, TASKS = 1, BOARD = 2;
const AGAIN_MILLIS = 1000;
const ATTEMPT_BYTES = 16, DELAYS_BYTES = 6, FAILED = 1, DELAYED = 2, DELAY_BITS = 11;
const NO_STAGE = 0xffff;

const told = (view, offset) => {
  const both = view.getUint16(offset, true);
  return (both & (1 << DELAY_BITS) - 1) * 2 ** (both >> DELAY_BITS);
};

// The attempts that ended last, in columns; times in microseconds of the board's clock.
export class Attempts {
  static CAPACITY = 1 << 17;

  constructor() {
    this.stage = new Uint16Array(Attempts.CAPACITY);
    this.lane = new Uint8Array(Attempts.CAPACITY);
    this.failed = new Uint8Array(Attempts.CAPACITY);
    this.worker = new Uint8Array(Attempts.CAPACITY);
    this.partition = new Int32Array(Attempts.CAPACITY);
    this.start = new Float64Array(Attempts.CAPACITY);
    this.micros = new Int32Array(Attempts.CAPACITY);
    this.fetch = new Float32Array(Attempts.CAPACITY); // what it waited for: inputs and memory before it ran, files while it did
    this.memory = new Float32Array(Attempts.CAPACITY);
    this.spill = new Float32Array(Attempts.CAPACITY);
    this.head = 0;
  }

  get oldest() { return Math.max(0, this.head - Attempts.CAPACITY); }

  at(number) { return number & (Attempts.CAPACITY - 1); }

  // returns where the next one begins
  add(view, offset, now) {
    const i = this.at(this.head++);
    this.stage[i] = view.getUint16(offset, true);
    this.lane[i] = view.getUint8(offset + 2);
    const bits = view.getUint8(offset + 3), delayed = bits & DELAYED;
    this.failed[i] = bits & FAILED;
    const who = view.getInt32(offset + 4, true);
    this.worker[i] = who >>> 24;
    this.partition[i] = who & 0xffffff;
    this.start[i] = now + view.getInt32(offset + 8, true);
    this.micros[i] = view.getInt32(offset + 12, true);
    this.fetch[i] = delayed ? told(view, offset + 16) : 0;
    this.memory[i] = delayed ? told(view, offset + 18) : 0;
    this.spill[i] = delayed ? told(view, offset + 20) : 0;
    return offset + ATTEMPT_BYTES + (delayed ? DELAYS_BYTES : 0);
  }
}

export class Feed {
  // on.board(json), on.tasks(how many ended), on.lost(since), on.back()
  constructor(board, on) {
    this.board = board;
    this.on = on;
    this.attempts = new Attempts();
    this.now = 0;
    this.heard = performance.now();
    this.alive = false;
    this.bytes = 0;
    this.stopping = new AbortController();
    this.run();
  }

  // The board's time, which stands still while the connection is lost.
  clock() { return this.alive ? this.now + (performance.now() - this.heard) * 1000 : this.now; }

  stop() { this.stopping.abort(); }

  async run() {
    let lostSince = null, askAgain = true;
    while (!this.stopping.signal.aborted) {
      try {
        const answer = await fetch(`/api/v1/boards/${this.board}/stream`, {signal: this.stopping.signal});
        if (answer.status === 404) { this.on.gone(); return; }
        if (answer.status === 401) { location.reload(); return; } // which asks for a token again
        if (!answer.ok) throw new Error(answer.statusText);
        this.alive = true;
        lostSince = null;
        this.on.back();
        await this.read(answer.body.getReader());
        if (askAgain) { // it was ended, not lost: most likely the session is gone
          askAgain = false;
          continue;
        }
      } catch (e) {
        if (this.stopping.signal.aborted) return;
      }
      this.now = this.clock();
      this.alive = false;
      askAgain = true;
      lostSince ??= new Date();
      this.on.lost(lostSince);
      await new Promise(go => setTimeout(go, AGAIN_MILLIS));
    }
  }

  async read(reader) {
    let left = new Uint8Array(0);
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      this.bytes += value.length;
      let all = value;
      if (left.length) {
        all = new Uint8Array(left.length + value.length);
        all.set(left);
        all.set(value, left.length);
      }
      let at = 0;
      while (all.length - at >= 4) {
        const view = new DataView(all.buffer, all.byteOffset + at, all.length - at);
        const length = view.getUint32(0, true);
        if (view.byteLength < 4 + length) break;
        this.take(new DataView(all.buffer, all.byteOffset + at + 4, length));
        at += 4 + length;
      }
      left = all.slice(at);
    }
  }

  take(view) {
    const kind = view.getInt32(0, true);
    const count = view.getInt32(8, true);
    if (kind === BOARD) {
      const text = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + 12, view.byteLength - 12));
      const board = JSON.parse(text);
      this.tick(board.micros);
      this.on.board(board, count === 1);
      return;
    }
    const now = view.getFloat64(12, true);
    this.tick(now);
    if (kind === SNAPSHOT) this.attempts.head = 0;
    for (let offset = 20; offset < view.byteLength;) offset = this.attempts.add(view, offset, now);
    if (kind === TASKS) this.on.tasks(count);
  }

  tick(micros) {
    this.now = micros;
    this.heard = performance.now();
  }
}

export const hasStage = index => index !== NO_STAGE;
