// Asks the server for one thing again and again, as long as a page shows it.

export class Asking {
  // show(answer, board) is called with what came; show(null, board) when there is nothing there (any more)
  // waits: whether it goes on asking for what isn't there (yet)
  constructor(show, millis = 1000, waits = false) {
    this.show = show;
    this.waits = waits;
    this.millis = millis;
    this.timer = 0;
    this.asked = null;
  }

  // path behind /api/v1/boards/BOARD; behind /api/v1 without a board
  start(board, path) {
    this.stop();
    this.asked = {board, path};
    this.ask(this.asked);
  }

  // The next time asks for that.
  goOn(path) {
    if (this.asked) this.asked.path = path;
  }

  stop() {
    clearTimeout(this.timer);
    this.asked = null;
  }

  async ask(asked) {
    try {
      const answer = await fetch(`/api/v1${asked.board === null ? '' : `/boards/${asked.board}`}${asked.path}`);
      const told = answer.ok ? await answer.json() : null;
      if (this.asked !== asked) return;
      this.show(told, asked.board);
      if (!answer.ok && !this.waits) return;
    } catch (e) {
      if (!(e instanceof TypeError)) throw e; // it isn't reached now; the banner says so
    }
    if (this.asked === asked) this.timer = setTimeout(() => this.ask(asked), this.millis);
  }
}
