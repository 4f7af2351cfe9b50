package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.Watched;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The dashboard of this process: one server for all schedulers in it, from when somebody asks for
/// the address of the first one until the last one goes.
public final class LocalDashboard implements Dashboard {
    private @Nullable DashboardServer server;
    private int boards;

    @Override
    public synchronized Shown show(Watched scheduler) {
        return new OneShown(new Board(++boards, scheduler));
    }

    private synchronized DashboardServer served() {
        DashboardServer running = server;
        if (running == null) {
            running = DashboardServer.start();
            server = running;
        }
        return running;
    }

    private synchronized void end(Board board) {
        board.close();
        DashboardServer running = server;
        if (running == null) return;
        running.remove(board);
        if (!running.boards().isEmpty()) return;
        running.close();
        server = null;
    }

    private final class OneShown implements Shown {
        private final Board board;
        private boolean served;

        OneShown(Board board) {
            this.board = board;
        }

        @Override
        public URI address() {
            synchronized (LocalDashboard.this) {
                DashboardServer running = served();
                if (!served) running.add(board);
                served = true;
                return running.address();
            }
        }

        @Override
        public String report() {
            return RunReport.of(board);
        }

        @Override
        public void close() {
            end(board);
        }
    }
}
