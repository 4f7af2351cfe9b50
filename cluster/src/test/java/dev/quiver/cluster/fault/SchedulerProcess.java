package dev.quiver.cluster.fault;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.SchedulerNode.Keeping;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// The `main` of a scheduler's process in tests.
final class SchedulerProcess {
    private SchedulerProcess() {}

    /// @param arguments its address, its directory, and its list when it isn't alone
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[1]);
        Keeping keeping =
                arguments.length == 2
                        ? new Keeping.In(directory)
                        : new Keeping.Among(directory, SchedulerAddress.parseAll(arguments[2]));
        SchedulerAddress address = SchedulerAddress.parse(arguments[0]);
        var setup =
                new SchedulerNode.Setup(
                        address.host(),
                        address.port(),
                        keeping,
                        Credentials.of(Settings.ofProcess()));
        var end = new CountDownLatch(1);
        ProcessHandle.current().parent().orElseThrow().onExit().thenRun(end::countDown);
        try (SchedulerNode node = SchedulerNode.start(setup)) {
            System.out.println("ready");
            node.onBroken(end::countDown);
            end.await();
        }
    }
}
