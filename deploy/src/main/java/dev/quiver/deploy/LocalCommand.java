package dev.quiver.deploy;

import dev.quiver.client.HistorySettings;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.Dashboard;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// `quiver local`: the dashboard of this machine, for runs that have ended.
@Command(
        name = "local",
        description = "Keep a dashboard open that shows what runs that have ended did.")
final class LocalCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Override
    public Integer call() throws InterruptedException {
        quiver.loadSettings();
        HistorySettings kept = HistorySettings.of(Settings.ofProcess());
        Dashboard dashboard =
                Dashboard.ofProcess()
                        .orElseThrow(() ->
                                new QuiverException(
                                        ErrorCode.UNSUPPORTED,
                                        "there is no dashboard on the class path",
                                        List.of(),
                                        "add dev.quiver:quiver-dashboard to it"));
        var stop = new CountDownLatch(1);
        Signals.onStop(stop::countDown);
        try (Dashboard.Served served = dashboard.browse(kept.history())) {
            System.out.printf("dashboard: %s#runs%n", served.address());
            System.out.printf("runs are kept in %s%n", kept.history().directory());
            System.out.flush();
            stop.await();
        }
        return 0;
    }
}
