package dev.quiver.cluster.node;

import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.Unavailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.IgniteMessaging;
import org.apache.ignite.Ignition;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.events.DiscoveryEvent;
import org.apache.ignite.events.EventType;
import org.apache.ignite.failure.StopNodeFailureHandler;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;

/// This process as a member of a cluster: who is there, and messages between members, which arrive
/// in order or not at all.
///
/// Schedulers are server nodes of Ignite, workers its client nodes: what workers do moves neither
/// the schedulers' ring nor any cache. Nothing listens but discovery and communication, and only on
/// the host that is named.
final class IgniteNode implements AutoCloseable {
    static {
        // Read when Ignite's classes are loaded.
        System.setProperty("IGNITE_QUIET", "false");
        System.setProperty("IGNITE_NO_ASCII", "true");
        System.setProperty("IGNITE_UPDATE_NOTIFIER", "false");
        System.setProperty("IGNITE_PERFORMANCE_SUGGESTIONS_DISABLED", "true");
        System.setProperty("IGNITE_NO_SHUTDOWN_HOOK", "true");
        System.setProperty("IGNITE_DUMP_THREADS_ON_FAILURE", "false");
    }

    private static final String ROLE = "quiver.role";
    private static final long FAILURE_DETECTION_MILLIS = 2_000;
    private static final long CLIENT_FAILURE_DETECTION_MILLIS = 3_000;
    private static final long RECOVERY_MILLIS = 1_000;
    private static final long JOIN_MILLIS = 10_000;
    private static final long REGION_BYTES_MIN = 10L << 20;
    private static final long REGION_BYTES_MAX = 128L << 20;
    private static final int COMMUNICATION_PORT = 47_100;
    private static final int PORT_RANGE = 1_000;
    private static final int POOL_THREADS = 2;

    /// What a process is to the cluster.
    enum Role {
        SCHEDULER,
        WORKER
    }

    /// How a node is set up.
    ///
    /// @param name for people
    /// @param host the address that it listens on
    /// @param discovery where the nodes of the cluster are found, as `host:port`
    /// @param discoveryPort a scheduler's own; workers have none
    /// @param credentials with which all members are nodes
    record Setup(
            Role role,
            String name,
            String host,
            List<String> discovery,
            int discoveryPort,
            Credentials credentials) {
        Setup {
            discovery = List.copyOf(discovery);
        }
    }

    private final Ignite ignite;
    private final ScratchDirectory directory;
    private final Map<UUID, IgniteMessaging> channels = new ConcurrentHashMap<>();

    private IgniteNode(Ignite ignite, ScratchDirectory directory) {
        this.ignite = ignite;
        this.directory = directory;
    }

    /// Joins the cluster.
    ///
    /// @throws Unavailable when nobody is there
    static IgniteNode start(Setup setup) {
        ScratchDirectory directory = ScratchDirectory.make("quiver-node");
        Ignite ignite;
        try {
            ignite = Ignition.start(configuration(setup, directory.path()));
        } catch (IgniteException e) {
            directory.close();
            throw new Unavailable(
                    "the %s '%s' can't join the cluster at %s: %s"
                            .formatted(
                                    setup.role().name().toLowerCase(java.util.Locale.ROOT),
                                    setup.name(),
                                    setup.discovery(),
                                    e.getMessage()),
                    List.of(),
                    "see that the scheduler runs and that its ports can be reached from here",
                    e);
        }
        var node = new IgniteNode(ignite, directory);
        return node;
    }

    /// This process among the members.
    UUID id() {
        return ignite.cluster().localNode().id();
    }

    /// Whether a member is there.
    boolean has(UUID member) {
        return ignite.cluster().node(member) != null;
    }

    private static TcpDiscoverySpi discovery(Setup setup) {
        var finder = new TcpDiscoveryVmIpFinder();
        finder.setAddresses(setup.discovery());
        var discovery = new TcpDiscoverySpi().setIpFinder(finder);
        discovery.setConnectionRecoveryTimeout(RECOVERY_MILLIS);
        discovery.setClientReconnectDisabled(true); // workers make a new node
        discovery.setJoinTimeout(JOIN_MILLIS);
        if (setup.role() == Role.SCHEDULER)
            discovery.setLocalPort(setup.discoveryPort()).setLocalPortRange(0);
        return discovery;
    }

    private static IgniteConfiguration configuration(Setup setup, Path directory) {
        var communication =
                new TcpCommunicationSpi()
                        .setLocalPort(COMMUNICATION_PORT)
                        .setLocalPortRange(PORT_RANGE);
        var region =
                new DataRegionConfiguration()
                        .setName("default")
                        .setInitialSize(REGION_BYTES_MIN)
                        .setMaxSize(REGION_BYTES_MAX);
        var configuration = new IgniteConfiguration();
        if (setup.credentials() instanceof Credentials.Encrypted(var tls, _, _))
            configuration.setSslContextFactory(tls::amongNodes);
        return configuration
                .setIgniteInstanceName(setup.name() + "-" + UUID.randomUUID())
                .setWorkDirectory(directory.toString())
                .setLocalHost(setup.host())
                .setClientMode(setup.role() == Role.WORKER)
                .setUserAttributes(Map.of(ROLE, setup.role().name()))
                .setDiscoverySpi(discovery(setup))
                .setCommunicationSpi(communication)
                .setConnectorConfiguration(null)
                .setClientConnectorConfiguration(null)
                .setPeerClassLoadingEnabled(false)
                .setFailureDetectionTimeout(FAILURE_DETECTION_MILLIS)
                .setClientFailureDetectionTimeout(CLIENT_FAILURE_DETECTION_MILLIS)
                .setFailureHandler(new StopNodeFailureHandler())
                .setMetricsLogFrequency(0)
                .setGridLogger(new IgniteLog(""))
                .setIncludeEventTypes(EventType.EVTS_DISCOVERY)
                .setDataStorageConfiguration(
                        new DataStorageConfiguration().setDefaultDataRegionConfiguration(region))
                .setPublicThreadPoolSize(POOL_THREADS)
                .setSystemThreadPoolSize(POOL_THREADS)
                .setStripedPoolSize(POOL_THREADS)
                .setServiceThreadPoolSize(POOL_THREADS)
                .setDataStreamerThreadPoolSize(POOL_THREADS)
                .setQueryThreadPoolSize(POOL_THREADS)
                .setAsyncCallbackPoolSize(POOL_THREADS)
                .setManagementThreadPoolSize(POOL_THREADS)
                .setPeerClassLoadingThreadPoolSize(1)
                .setRebalanceThreadPoolSize(1)
                .setSnapshotThreadPoolSize(1)
                .setBuildIndexThreadPoolSize(1);
    }

    /// Calls `listener` with each message of a topic and its sender; one sender's messages in their
    /// order. It must not block.
    void listen(String topic, BiConsumer<UUID, byte[]> listener) {
        ignite.message()
                .localListen(
                        topic,
                        (sender, message) -> {
                            listener.accept(sender, (byte[]) message);
                            return true;
                        });
    }

    /// Calls `listener` with members that have gone, or seem to have. It must not block.
    void onLeft(Consumer<UUID> listener) {
        ignite.events()
                .localListen(
                        event -> {
                            listener.accept(((DiscoveryEvent) event).eventNode().id());
                            return true;
                        },
                        EventType.EVT_NODE_LEFT,
                        EventType.EVT_NODE_FAILED);
    }

    /// Calls `action` when this node isn't in the cluster any more, or seems to be alone. It must
    /// not block.
    void onCutOff(Runnable action) {
        ignite.events()
                .localListen(
                        _ -> {
                            action.run();
                            return true;
                        },
                        EventType.EVT_CLIENT_NODE_DISCONNECTED,
                        EventType.EVT_NODE_SEGMENTED);
    }

    /// Sends a message, unless the member has gone.
    void send(UUID member, String topic, byte[] message) {
        try {
            channels.computeIfAbsent(member, this::channel).sendOrdered(topic, message, 0);
        } catch (IgniteException | IllegalStateException e) {
            // It has gone, or this node is stopping: who waits for an answer hears none.
            channels.remove(member);
        }
    }

    private IgniteMessaging channel(UUID member) {
        return ignite.message(ignite.cluster().forNodeId(member));
    }

    @Override
    public void close() {
        Ignition.stop(ignite.name(), true);
        directory.close();
    }
}
