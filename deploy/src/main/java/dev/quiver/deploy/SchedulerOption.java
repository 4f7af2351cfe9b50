package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster a command is about.
final class SchedulerOption {
    @Option(
            names = {"--to", "--at"},
            paramLabel = "HOST:PORT",
            description =
                    "The cluster's scheduler (default: the setting cluster.address, else"
                            + " 127.0.0.1:8786).")
    private @Nullable String place;

    /// Where the scheduler is.
    SchedulerAddress address() {
        if (place != null) return SchedulerAddress.parse(place);
        String set = Settings.ofProcess().value(Settings.Key.CLUSTER_ADDRESS);
        return set.isEmpty()
                ? new SchedulerAddress("127.0.0.1", SchedulerAddress.PORT)
                : SchedulerAddress.parse(set);
    }

    /// A connection, for whoever opened it to close.
    Jobs jobs() {
        return new Jobs(address());
    }

    /// A connection to a scheduler with the credentials that are set; whoever opens it closes it.
    static SchedulerClientPort connect(SchedulerAddress address) {
        return new SchedulerClientPort(address, Credentials.of(Settings.ofProcess()));
    }

    /// The submitted programs of a cluster.
    static final class Jobs implements AutoCloseable {
        private final SchedulerAddress address;
        private final SchedulerClientPort port;

        private Jobs(SchedulerAddress address) {
            this.address = address;
            this.port = SchedulerOption.connect(address);
        }

        SchedulerAddress address() {
            return address;
        }

        <A extends DriverAnswer> A ask(DriverQuestion question, Class<A> expected) {
            return expected.cast(
                    port.ask(new Question.Drivers(question), Answer.Drivers.class).answer());
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
