package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.Watched;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The dashboard of this process: one server for all schedulers in it, from the first one that is
/// shown until the last one goes.
public final class LocalDashboard implements Dashboard {
    private @Nullable DashboardServer server;
    private int boards;

    @Override
    public synchronized Shown show(Watched scheduler) {
        DashboardServer running = server;
        if (running == null) {
            running = DashboardServer.start();
            server = running;
        }
        var board = new Board(++boards, scheduler);
        running.add(board);
        return new OneShown(running, board);
    }

    private synchronized void end(DashboardServer running, Board board) {
        board.close();
        running.remove(board);
        if (!running.boards().isEmpty()) return;
        running.close();
        if (server == running) server = null;
    }

    private final class OneShown implements Shown {
        private final DashboardServer running;
        private final Board board;

        OneShown(DashboardServer running, Board board) {
            this.running = running;
            this.board = board;
        }

        @Override
        public URI address() {
            return running.address();
        }

        @Override
        public void close() {
            end(running, board);
        }
    }
}
