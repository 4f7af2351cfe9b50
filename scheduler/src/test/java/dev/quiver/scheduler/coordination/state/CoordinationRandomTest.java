package dev.quiver.scheduler.coordination.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Clients that ask at random, against a simple model of what may be answered; a second state is
/// replaced again and again by one that is made of its facts, and must answer the same.
final class CoordinationRandomTest {
    private static final int CLIENTS = 4;
    private static final int NAMES = 2;
    private static final int PERMITS = 3;
    private static final int CAPACITY = 2;
    private static final long LATCH = 5;

    @Test
    void answers_are_those_of_the_model_and_survive_a_scheduler() {
        long first = Long.getLong("seed", new Random().nextInt(1_000_000));
        int seeds = 60 * Integer.getInteger("seeds.factor", 1);
        for (long seed = first; seed < first + seeds; seed++) {
            var run = new Run(seed);
            try {
                for (int i = 0; i < 600; i++) run.step();
                run.end();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed, e);
            }
        }
    }

    private static final class Run {
        private record Said(long client, long request, CoordinationAnswer answer) {}

        /// What was asked and isn't answered, or was answered and isn't taken.
        private record Open(long client, CoordinationRequest what) {}

        private final Random random;
        private final List<Said> said = new ArrayList<>();
        private final List<Said> twinSaid = new ArrayList<>();
        private final CoordinationState state =
                new CoordinationState((c, r, a) -> said.add(new Said(c, r, a)));
        private CoordinationState twin = twin();
        private final Map<Long, Open> waiting = new TreeMap<>();
        private final Map<Long, Said> untaken = new TreeMap<>();
        private final Map<Long, Open> asked = new TreeMap<>();
        private final Map<Long, CoordinationRequest.Acquire> holds = new TreeMap<>();
        private final Map<Long, Long> holders = new TreeMap<>();
        private final Map<String, ArrayDeque<Bytes>> queues = new TreeMap<>();
        private final Map<String, Bytes> variables = new TreeMap<>();
        private final Map<String, Boolean> events = new TreeMap<>();
        private final Map<String, Long> latches = new TreeMap<>();
        private final Map<String, Long> counters = new TreeMap<>();
        private long requests;
        private long lastToken;
        private int answeredCount;

        private Run(long seed) {
            random = new Random(seed);
        }

        private CoordinationState twin() {
            return new CoordinationState((c, r, a) -> twinSaid.add(new Said(c, r, a)));
        }

        private String name() {
            return "n" + random.nextInt(NAMES);
        }

        private Bytes value() {
            return Bytes.of(ByteBuffer.allocate(8).putLong(random.nextLong()).array());
        }

        private Patience patience() {
            return random.nextInt(4) == 0 ? Patience.NONE : Patience.ENDLESS;
        }

        private CoordinationRequest request() {
            return switch (random.nextInt(13)) {
                case 0 -> new CoordinationRequest.Acquire(Kind.LOCK, name(), 1, 1, patience());
                case 1 ->
                        new CoordinationRequest.Acquire(
                                Kind.SEMAPHORE,
                                name(),
                                PERMITS,
                                1 + random.nextInt(PERMITS),
                                patience());
                case 2, 3 -> new CoordinationRequest.Put(name(), CAPACITY, value(), patience());
                case 4, 5 -> new CoordinationRequest.Take(name(), CAPACITY, patience());
                case 6 -> new CoordinationRequest.SetVariable(name(), value());
                case 7 -> new CoordinationRequest.GetVariable(name(), patience());
                case 8 ->
                        random.nextBoolean()
                                ? new CoordinationRequest.SetEvent(name())
                                : new CoordinationRequest.ClearEvent(name());
                case 9 -> new CoordinationRequest.AwaitEvent(name(), patience());
                case 10 -> new CoordinationRequest.CountDown(name(), LATCH, random.nextInt(2));
                case 11 -> new CoordinationRequest.AwaitLatch(name(), LATCH, patience());
                default -> new CoordinationRequest.Add(name(), random.nextInt(10));
            };
        }

        private void step() {
            long client = random.nextInt(CLIENTS);
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> release();
                case 4 -> withdraw();
                case 5 -> abandon();
                case 6, 7 -> take();
                case 8 -> {
                    if (random.nextInt(10) == 0) lose(client);
                }
                case 9 -> {
                    var next = twin();
                    for (CoordinationFact fact : twin.facts()) next.restore(fact);
                    assertThat(next.facts()).isEqualTo(twin.facts());
                    twin = next;
                }
                default -> ask(client, ++requests, request());
            }
            check();
        }

        private void ask(long client, long request, CoordinationRequest what) {
            if (request != 0) {
                waiting.put(request, new Open(client, what));
                asked.put(request, new Open(client, what));
            }
            before(what);
            state.asked(client, request, what);
            twin.asked(client, request, what);
        }

        /// What changes before anyone is answered.
        private void before(CoordinationRequest what) {
            switch (what) {
                case CoordinationRequest.SetEvent(var name) -> events.put(name, true);
                case CoordinationRequest.ClearEvent(var name) -> events.put(name, false);
                case CoordinationRequest.SetVariable(var name, var value) ->
                        variables.put(name, value);
                case CoordinationRequest.CountDown(var name, _, long by) ->
                        latches.merge(name, LATCH - by, (left, _) -> Math.max(0, left - by));
                case CoordinationRequest.Add(var name, long delta) ->
                        counters.merge(name, delta, Long::sum);
                default -> {}
            }
        }

        private <K, V> List<Map.Entry<K, V>> entries(Map<K, V> map) {
            return map.entrySet().stream().map(e -> Map.entry(e.getKey(), e.getValue())).toList();
        }

        private void release() {
            if (holds.isEmpty()) return;
            var entry = entries(holds).get(random.nextInt(holds.size()));
            long token = entry.getKey();
            // who hasn't taken the hold doesn't know it
            boolean known =
                    untaken.values().stream()
                            .noneMatch(s -> s.answer.equals(new CoordinationAnswer.Count(token)));
            if (!known) return;
            holds.remove(token);
            CoordinationRequest.Acquire hold = entry.getValue();
            ask(
                    holders.get(token),
                    0,
                    new CoordinationRequest.Release(hold.kind(), hold.name(), token));
        }

        private void withdraw() {
            if (waiting.isEmpty()) return;
            var entry = entries(waiting).get(random.nextInt(waiting.size()));
            state.withdrawn(entry.getValue().client, entry.getKey());
            twin.withdrawn(entry.getValue().client, entry.getKey());
        }

        private void abandon() {
            boolean parked = random.nextBoolean();
            if ((parked ? waiting : untaken).isEmpty()) return;
            long request =
                    parked
                            ? entries(waiting).get(random.nextInt(waiting.size())).getKey()
                            : entries(untaken).get(random.nextInt(untaken.size())).getKey();
            Open open = asked.get(request);
            waiting.remove(request);
            Said answer = untaken.remove(request);
            if (answer != null) undo(open, answer.answer);
            state.abandoned(open.client, request);
            twin.abandoned(open.client, request);
        }

        private void undo(Open open, CoordinationAnswer answer) {
            if (open.what instanceof CoordinationRequest.Acquire
                    && answer instanceof CoordinationAnswer.Count(long token)) holds.remove(token);
            if (open.what instanceof CoordinationRequest.Take(var name, _, _)
                    && answer instanceof CoordinationAnswer.Value(var value))
                queue(name).addFirst(value);
        }

        private void take() {
            if (untaken.isEmpty()) return;
            var entry = entries(untaken).get(random.nextInt(untaken.size()));
            untaken.remove(entry.getKey());
            state.taken(entry.getValue().client, List.of(entry.getKey()));
            twin.taken(entry.getValue().client, List.of(entry.getKey()));
        }

        private void lose(long client) {
            waiting.values().removeIf(open -> open.client == client);
            untaken.values().removeIf(s -> s.client == client);
            holds.keySet().removeIf(token -> holders.get(token) == client);
            state.lost(client);
            twin.lost(client);
        }

        private ArrayDeque<Bytes> queue(String name) {
            return queues.computeIfAbsent(name, _ -> new ArrayDeque<>());
        }

        private void check() {
            state.checkInvariants();
            twin.checkInvariants();
            assertThat(twinSaid).isEqualTo(said);
            for (; answeredCount < said.size(); answeredCount++) hear(said.get(answeredCount));
            for (Kind kind : List.of(Kind.LOCK, Kind.SEMAPHORE))
                for (int i = 0; i < NAMES; i++) {
                    String name = "n" + i;
                    int held =
                            holds.values().stream()
                                    .filter(h -> h.kind() == kind && h.name().equals(name))
                                    .mapToInt(CoordinationRequest.Acquire::permits)
                                    .sum();
                    assertThat(held).isBetween(0, kind == Kind.LOCK ? 1 : PERMITS);
                }
        }

        private void hear(Said answer) {
            Open open = waiting.remove(answer.request);
            assertThat(open).as("%s is waited for", answer).isNotNull();
            assertThat(open.client).isEqualTo(answer.client);
            untaken.put(answer.request, answer);
            if (answer.answer instanceof CoordinationAnswer.NotNow) {
                assertThat(open.what).isInstanceOf(CoordinationRequest.Waiting.class);
                return;
            }
            expect(open, answer.answer);
        }

        private void expect(Open open, CoordinationAnswer answer) {
            switch (open.what) {
                case CoordinationRequest.Acquire acquire -> {
                    long token = ((CoordinationAnswer.Count) answer).value();
                    assertThat(token).isGreaterThan(lastToken);
                    lastToken = token;
                    holds.put(token, acquire);
                    holders.put(token, open.client);
                }
                case CoordinationRequest.Put(var name, _, var value, _) -> queue(name).add(value);
                case CoordinationRequest.Take(var name, _, _) ->
                        assertThat(answer)
                                .isEqualTo(new CoordinationAnswer.Value(queue(name).remove()));
                case CoordinationRequest.GetVariable(var name, _) ->
                        assertThat(answer)
                                .isEqualTo(new CoordinationAnswer.Value(variables.get(name)));
                case CoordinationRequest.AwaitEvent(var name, _) ->
                        assertThat(events.get(name)).isTrue();
                case CoordinationRequest.AwaitLatch(var name, _, _) ->
                        assertThat(latches.get(name)).isZero();
                case CoordinationRequest.CountDown(var name, _, _) ->
                        assertThat(answer)
                                .isEqualTo(new CoordinationAnswer.Count(latches.get(name)));
                case CoordinationRequest.Add(var name, _) ->
                        assertThat(answer)
                                .isEqualTo(new CoordinationAnswer.Count(counters.get(name)));
                default -> assertThat(answer).isEqualTo(new CoordinationAnswer.Done());
            }
        }

        /// When all have gone nobody holds or waits for anything.
        private void end() {
            for (long client = 0; client < CLIENTS; client++) {
                lose(client);
                check();
            }
            assertThat(waiting).isEmpty();
            assertThat(holds).isEmpty();
            assertThat(state.facts())
                    .noneMatch(CoordinationFact.Held.class::isInstance)
                    .noneMatch(CoordinationFact.Parked.class::isInstance)
                    .noneMatch(CoordinationFact.Answered.class::isInstance);
            assertThat(state.facts()).isEqualTo(twin.facts());
        }
    }
}
