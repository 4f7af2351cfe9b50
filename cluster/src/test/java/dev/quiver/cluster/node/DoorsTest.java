package dev.quiver.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverPlan;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.data.DataClient;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.data.OutputReceiver;
import dev.quiver.cluster.process.DriverProcesses;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.cluster.security.TestCertificates;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.SpillRoom;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each door of a cluster that is encrypted, and who gets through it.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // Flight's close may be interrupted
final class DoorsTest {
    @TempDir private static Path directory;

    private TestCertificates certificates;
    private SchedulerNode scheduler;
    private WorkerNode one;
    private WorkerNode two;

    @BeforeAll
    void start() {
        certificates = TestCertificates.in(directory);
        scheduler =
                SchedulerNode.start(
                        new SchedulerNode.Setup(
                                "127.0.0.1",
                                19_786,
                                new SchedulerNode.Keeping.Nothing(),
                                certificates.node(certificates.node())));
        one = worker("one", certificates.node(certificates.node()));
        two = worker("two", certificates.node(certificates.node()));
    }

    private WorkerNode worker(String name, Credentials credentials) {
        return WorkerNode.start(
                new WorkerNode.Setup(
                        List.of(scheduler.place()),
                        name,
                        "127.0.0.1",
                        1,
                        64L << 20,
                        SpillRoom.of(Settings.defaults()),
                        Duration.ofSeconds(10),
                        credentials,
                        "",
                        Lifespan.ENDLESS),
                DriverProcesses.Launcher.NONE);
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        scheduler.close();
    }

    private <A extends Answer> A ask(Credentials credentials, Question question, Class<A> answer) {
        try (var port = new SchedulerClientPort(scheduler.place(), credentials)) {
            return port.ask(question, answer);
        }
    }

    private static Options token(Path client) throws java.io.IOException {
        return Options.defaults()
                .quiet()
                .tls(client.resolve("ca.pem"))
                .token(TestCertificates.token(client));
    }

    private void assertDenied(Credentials credentials, Question question, String... words) {
        assertThatThrownBy(() -> ask(credentials, question, Answer.class))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED))
                .hasMessageContainingAll(words);
    }

    @Test
    void a_client_with_a_token_runs_tasks_and_queries_whose_rows_travel() throws Exception {
        try (Session q = Quiver.connect(scheduler.address(), token(certificates.submitter()))) {
            assertThat(q.gather(q.map(x -> x + 1, List.of(1, 2, 3)))).containsExactly(2, 3, 4);
            assertThat(q.submit(() -> "x".repeat(5_000)).result()).hasSize(5_000);
        }
    }

    @Test
    void who_shows_nothing_isn_t_let_in() {
        assertDenied(
                certificates.nobody(),
                new Question.Members(),
                "doesn't let this process in",
                "without a token or a certificate",
                "fix: set cluster.token.file");
    }

    @Test
    void a_wrong_token_is_nobody_s() throws Exception {
        Options wrong = token(certificates.submitter()).token("x".repeat(43));

        assertThatThrownBy(() -> Quiver.connect(scheduler.address(), wrong))
                .hasMessageContainingAll(
                        scheduler.place().toString(),
                        "the token is nobody's",
                        "(ACCESS_DENIED)",
                        "fix: give the token that");
    }

    @Test
    void who_may_read_sees_the_cluster_and_submits_nothing() throws Exception {
        Credentials reader = certificates.client(certificates.reader());
        Options options = token(certificates.reader());

        assertThat(ask(reader, new Question.Members(), Answer.Members.class).workers()).hasSize(2);
        assertThatThrownBy(() -> Quiver.connect(scheduler.address(), options))
                .hasMessageContainingAll("rita may not run anything", "--client NAME=submit");
        assertDenied(reader, SUBMIT, "rita may not run anything");
    }

    private static final Question SUBMIT =
            new Question.Drivers(
                    new DriverQuestion.Submit(
                            new DriverPlan("Job.java", "/", List.of(), 0),
                            Bytes.of(new byte[] {1})));

    private Question cancel(Credentials submitter) {
        var answer = ask(submitter, SUBMIT, Answer.Drivers.class).answer();
        String job = ((DriverAnswer.Submitted) answer).driver();
        return new Question.Drivers(new DriverQuestion.Cancel(job));
    }

    @Test
    void only_an_administrator_cancels_what_others_submitted() {
        Credentials admin = certificates.client(certificates.admin());
        Credentials submitter = certificates.client(certificates.submitter());
        Question theirs = cancel(admin);
        Question own = cancel(submitter);
        Question others = cancel(submitter);

        assertDenied(submitter, theirs, "ada may not cancel what others submitted");
        ask(submitter, own, Answer.Drivers.class);
        ask(admin, others, Answer.Drivers.class);
    }

    @Test
    void a_client_s_certificate_says_who_it_is_as_its_token_does() {
        Credentials reader = certificates.certified(certificates.reader());

        ask(reader, new Question.Members(), Answer.Members.class);
        assertDenied(reader, SUBMIT, "rita may not run anything");
    }

    @Test
    void a_client_is_no_node() {
        for (Credentials client :
                List.of(
                        certificates.certified(certificates.admin()),
                        certificates.client(certificates.admin())))
            assertDenied(
                    client,
                    new Question.Join(Bytes.NONE, "w", 0, Question.NEW),
                    "root may not be a node");
        assertThatThrownBy(() -> worker("three", certificates.certified(certificates.admin())))
                .hasMessageContainingAll("'root' isn't one of a node", "quiver certs --node");
    }

    @Test
    void a_node_of_another_cluster_can_t_ask_and_doesn_t_believe_this_one() {
        assertDenied(
                certificates.intruder(),
                new Question.Members(),
                "doesn't believe the certificate of this process",
                "fix: use certificates of the scheduler's own authority");
        assertDenied(
                certificates.certified(certificates.stranger()),
                new Question.Members(),
                "the certificate of the scheduler",
                "isn't believed here",
                "fix: set cluster.tls.ca");
    }

    @Test
    void who_speaks_no_tls_is_told_that_the_scheduler_does() {
        assertDenied(
                Credentials.NONE,
                new Question.Members(),
                "speaks TLS, and this process doesn't",
                "fix: set cluster.tls.ca");
    }

    @Test
    void who_speaks_tls_is_told_that_the_scheduler_doesn_t() {
        try (SchedulerNode plain =
                        SchedulerNode.start(new SchedulerNode.Setup("127.0.0.1", 20_786));
                var port = new SchedulerClientPort(plain.place(), certificates.nobody())) {
            assertThatThrownBy(() -> port.ask(new Question.Members(), Answer.Members.class))
                    .hasMessageContainingAll("speaks no TLS", "(ACCESS_DENIED)", "fix: start");
        }
    }

    @Test
    void a_host_that_the_certificate_isn_t_for_isn_t_believed() throws Exception {
        Credentials node = certificates.node(certificates.node());
        var elsewhere = new SchedulerAddress("127.0.0.3", 0);
        try (BufferAllocator allocator = new RootAllocator();
                SchedulerPort imposter =
                        SchedulerPort.open(
                                FlightEndpoints.of(DataSettings.DEFAULTS, node),
                                elsewhere,
                                allocator,
                                new NoOpFlightProducer());
                var port = new SchedulerClientPort(imposter.address(), certificates.nobody())) {
            assertThatThrownBy(() -> port.ask(new Question.Members(), Answer.Members.class))
                    .hasMessageContainingAll("isn't one for '127.0.0.3'", "quiver certs --node");
        }
        assertThatThrownBy(() -> Binding.requireWorker("127.0.0.3", node))
                .hasMessageContainingAll("isn't one for '127.0.0.3'", "it is for: node1");
    }

    private IgniteNode member(Credentials credentials) {
        Answer.Joined joined =
                ask(
                        certificates.node(certificates.node()),
                        new Question.Join(
                                Bytes.of(Language.handshake().encode()), "m", 0, Question.NEW),
                        Answer.Joined.class);
        return IgniteNode.start(
                new IgniteNode.Setup(
                        IgniteNode.Role.WORKER,
                        "m",
                        "127.0.0.1",
                        joined.discovery(),
                        0,
                        credentials));
    }

    @Test
    void only_nodes_become_members() {
        try (IgniteNode node = member(certificates.node(certificates.node()))) {
            assertThat(node.id()).isNotNull();
        }
        List.of(
                        certificates.certified(certificates.admin()),
                        certificates.intruder(),
                        certificates.certified(certificates.stranger()),
                        Credentials.NONE)
                .parallelStream()
                .forEach(credentials ->
                        assertThatThrownBy(() -> member(credentials))
                                .isInstanceOf(Unavailable.class)
                                .hasMessageContaining("can't join the cluster"));
    }

    /// Why a worker doesn't give an output that it doesn't hold.
    private String unavailable(FlightEndpoints endpoints) throws Exception {
        WorkerAddress worker =
                ask(
                                certificates.node(certificates.node()),
                                new Question.Members(),
                                Answer.Members.class)
                        .workers()
                        .getFirst()
                        .address();
        var why = new CompletableFuture<String>();
        var receiver =
                new OutputReceiver() {
                    @Override
                    public void arrived(CopyStore.Copy copy) {
                        why.complete("it arrived");
                    }

                    @Override
                    public void unavailable(String reason) {
                        why.complete(reason);
                    }
                };
        var pool = new MemoryPool(1 << 20);
        try (var account = pool.account(new Owner("test", "Doors", -1));
                var client = new DataClient(endpoints, account)) {
            client.fetch(
                    new InetSocketAddress(worker.host(), worker.port()),
                    List.of(new DataClient.Wish(new CopyStore.Key(1, 0, 1, -1), receiver)));
            return why.get(20, TimeUnit.SECONDS);
        } finally {
            pool.close();
        }
    }

    @Test
    void workers_give_outputs_to_nodes_and_connected_clients_alone() throws Exception {
        var proof = new SessionProof(1, "made up");

        assertThat(unavailable(endpoints(certificates.node(certificates.node()))))
                .contains("doesn't hold it");
        assertThat(unavailable(endpoints(certificates.certified(certificates.admin()))))
                .contains("only nodes and clients of this cluster are let in");
        assertThat(unavailable(endpoints(certificates.nobody())))
                .contains("only nodes and clients of this cluster are let in");
        assertThat(unavailable(endpoints(certificates.nobody()).showing(() -> Optional.of(proof))))
                .contains("client 1 isn't connected");
        assertThat(unavailable(endpoints(certificates.intruder()))).doesNotContain("hold it");
        assertThat(unavailable(endpoints(Credentials.NONE))).doesNotContain("hold it");
    }

    private FlightClient flight(int port, BufferAllocator allocator) throws Exception {
        return FlightClient.builder(allocator, Location.forGrpcTls("127.0.0.1", port))
                .trustedCertificates(Files.newInputStream(certificates.reader().resolve("ca.pem")))
                .build();
    }

    private static CallOption shown(String token) {
        var headers = new FlightCallHeaders();
        headers.insert("authorization", "Bearer " + token);
        return new HeaderCallOption(headers);
    }

    private int port(WorkerNode worker) {
        return ask(
                        certificates.node(certificates.node()),
                        new Question.Members(),
                        Answer.Members.class)
                .workers()
                .stream()
                .map(Answer.Member::address)
                .filter(address -> address.worker() == worker.number())
                .findFirst()
                .orElseThrow()
                .port();
    }

    /// A row.
    public record Ids(int id) {}

    @Test
    void who_may_read_reads_published_rows_at_workers_and_no_others() throws Exception {
        CallOption reader = shown(TestCertificates.token(certificates.reader()));
        try (Session q = Quiver.connect(scheduler.address(), token(certificates.submitter()));
                BufferAllocator allocator = new RootAllocator();
                FlightClient head = flight(scheduler.place().port(), allocator)) {
            q.of(Ids.class, IntStream.range(0, 1_000).mapToObj(Ids::new).toList())
                    .publish("thousand");
            FlightInfo info = head.getInfo(FlightDescriptor.path("thousand"), reader);
            long rows = 0;
            for (FlightEndpoint endpoint : info.getEndpoints()) {
                int port = endpoint.getLocations().getFirst().getUri().getPort();
                try (FlightClient worker = flight(port, allocator);
                        FlightStream stream = worker.getStream(endpoint.getTicket(), reader)) {
                    while (stream.next()) rows += stream.getRoot().getRowCount();
                }
            }
            q.catalog().unpublish("thousand");

            assertThat(rows).isEqualTo(1_000);
        }
        ManagedChannel other =
                endpoints(certificates.client(certificates.reader()))
                        .schedulerChannel(new InetSocketAddress("127.0.0.1", port(one)))
                        .build();
        assertThat(new RawCall(other, "dev.quiver.Outputs/Fetch").end(20).getDescription())
                .contains("rita may not run anything");
        other.shutdownNow();
    }

    @Test
    void a_worker_lists_what_is_published_for_those_alone_who_show_a_token() throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                FlightClient worker = flight(port(one), allocator)) {
            CallOption wrong = shown("x".repeat(43));

            assertThat(
                            worker.listFlights(
                                    Criteria.ALL,
                                    shown(TestCertificates.token(certificates.reader()))))
                    .isEmpty();
            assertThatThrownBy(() -> worker.listFlights(Criteria.ALL, wrong).iterator().hasNext())
                    .hasMessageContaining("the token is nobody's");
            assertThatThrownBy(() -> worker.listFlights(Criteria.ALL).iterator().hasNext())
                    .hasMessageContaining("only nodes and clients of this cluster are let in");
        }
    }

    private static FlightEndpoints endpoints(Credentials credentials) {
        return FlightEndpoints.of(DataSettings.DEFAULTS, credentials);
    }
}
