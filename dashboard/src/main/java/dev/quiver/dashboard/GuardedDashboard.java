package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Dashboard;
import java.net.URI;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// One scheduler's dashboard for those who prove that they may look, from when somebody asks for
/// its address until it is closed.
final class GuardedDashboard implements Dashboard.Shown {
    private final Board board;
    private final Entrance entrance;
    private final RunArchive archive;
    private @Nullable DashboardServer server;
    private boolean closed;

    GuardedDashboard(Board board, Entrance entrance, RunArchive archive) {
        this.board = board;
        this.entrance = entrance;
        this.archive = archive;
    }

    @Override
    public synchronized URI address() {
        if (closed) throw new IllegalStateException("it was closed");
        DashboardServer running = server;
        if (running == null) {
            running = DashboardServer.start(entrance, archive);
            running.add(board);
            server = running;
        }
        return running.address();
    }

    @Override
    public String report() {
        return RunReport.of(board);
    }

    @Override
    public String report(String name, LongPredicate jobs) {
        return RunReport.of(board, name, jobs);
    }

    @Override
    public void keep() {
        archive.keep(board);
    }

    @Override
    public void keep(String name, LongPredicate jobs) {
        archive.keep(board, name, jobs);
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        board.close();
        DashboardServer running = server;
        if (running == null) return;
        running.remove(board);
        running.close();
    }
}
