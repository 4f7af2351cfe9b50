package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Members in one thread: a network that loses, delays and repeats messages and splits, members
/// that freeze and crash, clocks of different speed; all from one seed.
final class SimulatedMembers {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000 * MILLIS;
    private static final long TICK = 50 * MILLIS;
    private static final long CHAOS = 40 * SECONDS;
    private static final long PEACE = 25 * SECONDS;

    private record Turn(long at, long order, Runnable action) {}

    final PlantedBug bug;
    private final SplittableRandom random;
    private final List<SimulatedMember> members = new ArrayList<>();
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>((a, b) ->
                    a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private final int[] side;
    private final double loss;
    private final List<Bytes> truth = new ArrayList<>();
    private final List<Integer> committedIn = new ArrayList<>();
    private final Map<Integer, Integer> leaders = new HashMap<>();
    private long now;
    private long order;
    private long values;
    private boolean chaos = true;

    SimulatedMembers(long seed, PlantedBug bug) {
        this.bug = bug;
        this.random = new SplittableRandom(seed);
        int count = new int[] {3, 3, 3, 5, 1}[random.nextInt(5)];
        this.side = new int[count];
        this.loss = random.nextInt(3) * 0.05;
        for (int i = 0; i < count; i++) {
            var member = new SimulatedMember(i, this, 0.95 + 0.1 * random.nextDouble());
            members.add(member);
            member.start();
            later(random.nextLong(TICK), () -> tick(member));
        }
        later(SECONDS, this::propose);
        later(SECONDS, this::disturb);
    }

    int count() {
        return side.length;
    }

    /// How many of several entries go together.
    int fewer(int count) {
        return random.nextInt(4) == 0 ? 1 + random.nextInt(count) : count;
    }

    int leaderCount() {
        return leaders.size();
    }

    int committedCount() {
        return truth.size();
    }

    /// Runs through times of trouble, then of peace, after which all must agree.
    void run() {
        while (now < CHAOS) step();
        chaos = false;
        Arrays.fill(side, 0);
        for (SimulatedMember member : members) {
            member.pausedUntil = now;
            if (member.state == null) member.start();
        }
        while (now < CHAOS + PEACE) step();
        check(members.stream().filter(SimulatedMember::isLeader).count() == 1, "not one leader");
        for (SimulatedMember member : members)
            check(
                    member.committed() == truth.size(),
                    "%d has %d of %d entries"
                            .formatted(member.number, member.committed(), truth.size()));
    }

    private void step() {
        Turn turn = turns.remove();
        now = turn.at;
        turn.action.run();
    }

    private void later(long nanos, Runnable action) {
        turns.add(new Turn(now + nanos, order++, action));
    }

    private void tick(SimulatedMember member) {
        later(TICK, () -> tick(member));
        if (now >= member.pausedUntil) member.on(new RaftEvent.Ticked((long) (now * member.rate)));
    }

    private void propose() {
        later((chaos ? 20 : 200) * MILLIS + random.nextLong(200 * MILLIS), this::propose);
        if (now > CHAOS + PEACE - 5 * SECONDS) return;
        for (SimulatedMember member : members) {
            if (!member.isLeader() || now < member.pausedUntil) continue;
            var proposed = new ArrayList<Bytes>();
            for (int i = random.nextInt(5); i >= 0; i--) proposed.add(fresh());
            member.on(new RaftEvent.Proposed(proposed));
            if (random.nextInt(20) == 0) member.compact();
        }
    }

    private Bytes fresh() {
        return Bytes.of(ByteBuffer.allocate(Long.BYTES).putLong(++values).array());
    }

    private void disturb() {
        later(100 * MILLIS + random.nextLong(4 * SECONDS), this::disturb);
        if (!chaos) return;
        SimulatedMember member = members.get(random.nextInt(count()));
        long time = 100 * MILLIS + random.nextLong(5 * SECONDS);
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = 0; i < side.length; i++) side[i] = random.nextInt(2);
            }
            case 1 -> Arrays.fill(side, 0);
            case 2 -> {
                member.crash();
                later(
                        time,
                        () -> {
                            if (member.state == null) member.start();
                        });
            }
            default -> member.pausedUntil = now + time;
        }
    }

    void send(int from, int to, RaftMessage message) {
        if (chaos && random.nextDouble() < loss) return;
        carry(from, to, message);
        if (chaos && random.nextInt(20) == 0) carry(from, to, message);
    }

    private void carry(int from, int to, RaftMessage message) {
        long delay = MILLIS + random.nextLong(10 * MILLIS);
        if (chaos && random.nextInt(50) == 0) delay += random.nextLong(3 * SECONDS);
        later(delay, () -> arrive(from, to, message));
    }

    private void arrive(int from, int to, RaftMessage message) {
        if (side[from] != side[to]) return;
        SimulatedMember member = members.get(to);
        if (now < member.pausedUntil)
            later(member.pausedUntil - now, () -> arrive(from, to, message));
        else member.on(new RaftEvent.Received(from, message));
    }

    /// Something that a member believes to have heard.
    void receive(int member, int from, RaftMessage message) {
        later(0, () -> members.get(member).on(new RaftEvent.Received(from, message)));
    }

    void leads(SimulatedMember member, int term) {
        Integer before = leaders.putIfAbsent(term, member.number);
        check(
                before == null || before == member.number,
                "%d and %d lead in term %d".formatted(before, member.number, term));
        for (int i = 0; i < truth.size(); i++) {
            // one that froze while it was elected may have been replaced meanwhile
            if (committedIn.get(i) > term) break;
            check(member.last() > i, "a leader without entry " + (i + 1));
            check(member.value(i + 1).equals(truth.get(i)), "a leader with another entry " + i);
        }
        later(
                0,
                () -> {
                    if (member.isLeader()) member.on(new RaftEvent.Proposed(List.of(fresh())));
                });
    }

    void committed(SimulatedMember member, long index, Bytes value) {
        if (index == truth.size() + 1L) {
            truth.add(value);
            committedIn.add(member.term());
        }
        check(index <= truth.size(), "entry %d is missing".formatted(truth.size() + 1));
        check(
                truth.get((int) index - 1).equals(value),
                "entry %d of %d isn't what was committed".formatted(index, member.number));
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) throw new AssertionError("at %d ms: %s".formatted(now / MILLIS, otherwise));
    }

    /// As one text.
    static Bytes bytes(List<Bytes> contents) {
        var joined = ByteBuffer.allocate(contents.size() * Long.BYTES);
        contents.forEach(content -> joined.put(content.array()));
        return Bytes.of(joined.array());
    }

    static List<Bytes> values(List<Bytes> parts) {
        var values = new ArrayList<Bytes>();
        for (Bytes part : parts)
            for (int i = 0; i < part.size(); i += Long.BYTES)
                values.add(Bytes.of(Arrays.copyOfRange(part.array(), i, i + Long.BYTES)));
        return values;
    }
}
