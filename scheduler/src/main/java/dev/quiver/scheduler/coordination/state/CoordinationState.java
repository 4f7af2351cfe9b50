package dev.quiver.scheduler.coordination.state;

import dev.quiver.error.ErrorCode;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// All that clients share under names, as a function of what they have asked.
///
/// Cost: an answer the logarithm of how many names, clients and waiting requests there are. Not
/// thread-safe.
public final class CoordinationState {
    /// So many names may be in use.
    static final int NAMES_MAX = 100_000;

    /// So many requests of a client may wait or be answered and not taken.
    static final int REQUESTS_MAX = 1 << 16;

    /// Takes answers.
    public interface Answers {
        void answer(long client, long request, CoordinationAnswer answer);
    }

    private final Answers answers;
    private final Room room = new Room();
    private final TreeMap<SharedKey, Shared> shared = new TreeMap<>();
    private final TreeMap<Long, Participant> participants = new TreeMap<>();
    private long given;
    private long turns;

    /// @param answers is called during calls of this, and must not call back
    public CoordinationState(Answers answers) {
        this.answers = answers;
    }

    /// A client asks. A request that was asked before and whose answer the client hasn't taken is
    /// answered as before.
    ///
    /// @param request a number that the client gives no other request; 0 = no answer is wanted
    public void asked(long client, long request, CoordinationRequest what) {
        Participant participant = participant(client);
        if (participant.parked.containsKey(request)) return;
        Participant.Kept kept = participant.answers.get(request);
        if (kept != null) {
            answers.answer(client, request, kept.answer());
            return;
        }
        if (participant.parked.size() + participant.answers.size() >= REQUESTS_MAX) {
            answers.answer(client, request, tooManyRequests());
            return;
        }
        if (what instanceof CoordinationRequest.Delete) {
            delete(SharedKey.of(what));
            answer(participant, request, what, Shared.DONE);
        } else {
            fulfil(participant, request, what);
        }
        forgetIfIdle(participant);
    }

    private void fulfil(Participant participant, long request, CoordinationRequest what) {
        SharedKey key = SharedKey.of(what);
        Shared there = shared.get(key);
        if (there == null && shared.size() >= NAMES_MAX || !room.fits(what.valueBytes())) {
            answer(participant, request, what, noRoom(key));
            return;
        }
        if (there == null) {
            there = made(key, what);
            shared.put(key, there);
        }
        CoordinationAnswer answer =
                there.goesBehind(what) ? null : there.attempt(participant, what);
        if (answer == null && what instanceof CoordinationRequest.Waiting waiting) {
            if (waiting.patience() == Patience.ENDLESS) park(there, participant, request, waiting);
            else answer = new CoordinationAnswer.NotNow();
        }
        if (answer != null) {
            answer(participant, request, what, answer);
            serve(there);
        }
        forgetIfIdle(there);
    }

    private Shared made(SharedKey key, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.Acquire(_, _, int max, _, _) ->
                    new Permits(key, max, this::next);
            case CoordinationRequest.CountFree(_, _, int max) -> new Permits(key, max, this::next);
            case CoordinationRequest.Release _ -> new Permits(key, 1, this::next);
            case CoordinationRequest.SetEvent _,
                    CoordinationRequest.ClearEvent _,
                    CoordinationRequest.AwaitEvent _ ->
                    new Event(key);
            case CoordinationRequest.Put(_, int capacity, _, _) -> new Queue(key, capacity, room);
            case CoordinationRequest.Take(_, int capacity, _) -> new Queue(key, capacity, room);
            case CoordinationRequest.CountQueued(_, int capacity) -> new Queue(key, capacity, room);
            case CoordinationRequest.SetVariable _, CoordinationRequest.GetVariable _ ->
                    new Variable(key, room);
            case CoordinationRequest.CountDown(_, long start, _) -> new Latch(key, start, start);
            case CoordinationRequest.AwaitLatch(_, long start, _) -> new Latch(key, start, start);
            case CoordinationRequest.Add _, CoordinationRequest.SetCounter _ -> new Counter(key, 0);
            case CoordinationRequest.Publish _,
                    CoordinationRequest.Subscribe _,
                    CoordinationRequest.Next _,
                    CoordinationRequest.Unsubscribe _ ->
                    new Topic(key, room, this::next);
            case CoordinationRequest.Delete _ ->
                    throw new IllegalStateException("nothing is made to be deleted");
        };
    }

    private long next() {
        return ++given;
    }

    private Participant participant(long client) {
        return participants.computeIfAbsent(client, Participant::new);
    }

    private void park(
            Shared there, Participant participant, long request, CoordinationRequest.Waiting what) {
        var parked = new Parked(++turns, participant, request, there.key, what);
        room.take(what.valueBytes());
        there.waiting.put(parked.turn(), parked);
        participant.parked.put(request, parked);
    }

    private void unpark(Shared there, Parked parked) {
        room.giveBack(parked.what().valueBytes());
        there.waiting.remove(parked.turn());
        parked.participant().parked.remove(parked.request());
    }

    private void answer(
            Participant participant,
            long request,
            CoordinationRequest what,
            CoordinationAnswer answer) {
        if (request == 0) return;
        participant.answers.put(request, new Participant.Kept(what, answer));
        answers.answer(participant.client, request, answer);
    }

    /// Answers those who wait and needn't any more.
    private void serve(Shared there) {
        if (!there.servesInTurn()) {
            all(there).forEach(parked -> attempt(there, parked));
            return;
        }
        while (!there.waiting.isEmpty())
            if (!attempt(there, there.waiting.firstEntry().getValue())) return;
    }

    private static List<Parked> all(Shared there) {
        return new ArrayList<>(there.waiting.values());
    }

    private boolean attempt(Shared there, Parked parked) {
        CoordinationAnswer answer = there.attempt(parked.participant(), parked.what());
        if (answer == null) return false;
        unpark(there, parked);
        answer(parked.participant(), parked.request(), parked.what(), answer);
        return true;
    }

    private void delete(SharedKey key) {
        Shared there = shared.remove(key);
        if (there == null) return;
        there.clear();
        for (Parked parked : all(there)) {
            unpark(there, parked);
            answer(
                    parked.participant(),
                    parked.request(),
                    parked.what(),
                    new CoordinationAnswer.Refused(
                            ErrorCode.UNAVAILABLE,
                            "%s was deleted while it was waited for".formatted(key),
                            "name it again to begin anew"));
        }
    }

    /// The client has these answers.
    public void taken(long client, List<Long> requests) {
        Participant participant = participants.get(client);
        if (participant == null) return;
        requests.forEach(participant.answers::remove);
        forgetIfIdle(participant);
    }

    /// The client won't wait any longer: a request that waits is answered so.
    public void withdrawn(long client, long request) {
        Participant participant = participants.get(client);
        if (participant == null) return;
        Parked parked = participant.parked.get(request);
        if (parked == null) return;
        answer(participant, request, parked.what(), new CoordinationAnswer.NotNow());
        leave(parked);
    }

    private void leave(Parked parked) {
        Shared there = known(parked.key());
        unpark(there, parked);
        serve(there);
        forgetIfIdle(there);
    }

    /// The client doesn't take any answer to the request: what it has brought is given back.
    public void abandoned(long client, long request) {
        Participant participant = participants.get(client);
        if (participant == null) return;
        Parked parked = participant.parked.get(request);
        if (parked != null) leave(parked);
        Participant.Kept kept = participant.answers.remove(request);
        if (kept != null) undo(participant, kept);
        forgetIfIdle(participant);
    }

    private void undo(Participant participant, Participant.Kept kept) {
        switch (kept.answer()) {
            case CoordinationAnswer.Count(long number)
                    when kept.what()
                            instanceof CoordinationRequest.Acquire(var kind, var name, _, _, _) ->
                    fulfil(participant, 0, new CoordinationRequest.Release(kind, name, number));
            case CoordinationAnswer.Count(long number)
                    when kept.what() instanceof CoordinationRequest.Subscribe(var name) ->
                    fulfil(participant, 0, new CoordinationRequest.Unsubscribe(name, number));
            case CoordinationAnswer.Value(var value)
                    when kept.what()
                            instanceof CoordinationRequest.Take(var name, int capacity, _) -> {
                var key = new SharedKey(CoordinationRequest.Kind.QUEUE, name);
                var queue =
                        (Queue)
                                shared.computeIfAbsent(
                                        key, fresh -> new Queue(fresh, capacity, room));
                queue.putBack(value);
                serve(queue);
                forgetIfIdle(queue);
            }
            case CoordinationAnswer.Count _,
                    CoordinationAnswer.Value _,
                    CoordinationAnswer.Values _,
                    CoordinationAnswer.Done _,
                    CoordinationAnswer.NotNow _,
                    CoordinationAnswer.Refused _ -> {}
        }
    }

    /// True when there is something that [#lost] would give back or forget.
    public boolean knows(long client) {
        return participants.containsKey(client);
    }

    /// The client has gone for good: what it holds is given back, what it waits for isn't wanted.
    public void lost(long client) {
        Participant participant = participants.remove(client);
        if (participant == null) return;
        var touched = new TreeSet<SharedKey>();
        for (Parked parked : List.copyOf(participant.parked.values())) {
            unpark(known(parked.key()), parked);
            touched.add(parked.key());
        }
        new TreeMap<>(participant.holds)
                .forEach((token, key) -> {
                    ((Permits) known(key)).release(token);
                    touched.add(key);
                });
        new TreeMap<>(participant.subscriptions)
                .forEach((number, key) -> {
                    ((Topic) known(key)).unsubscribe(number);
                    touched.add(key);
                });
        for (SharedKey key : touched) {
            Shared there = known(key);
            serve(there);
            forgetIfIdle(there);
        }
    }

    private Shared known(SharedKey key) {
        Shared there = shared.get(key);
        if (there == null) throw new IllegalStateException("there is no " + key);
        return there;
    }

    /// Answers again what a client may not have been told.
    public void retell(long client) {
        Participant participant = participants.get(client);
        if (participant == null) return;
        participant.answers.forEach(
                (request, kept) -> answers.answer(client, request, kept.answer()));
    }

    private void forgetIfIdle(Shared there) {
        if (!there.waiting.isEmpty() || !there.isForgettable()) return;
        there.clear();
        shared.remove(there.key, there);
    }

    private void forgetIfIdle(Participant participant) {
        if (participant.isIdle()) participants.remove(participant.client, participant);
    }

    private static CoordinationAnswer tooManyRequests() {
        return new CoordinationAnswer.Refused(
                ErrorCode.MEMORY_REFUSED,
                "the session has %d requests under way".formatted(REQUESTS_MAX),
                "wait in fewer threads at a time");
    }

    private static CoordinationAnswer noRoom(SharedKey key) {
        return new CoordinationAnswer.Refused(
                ErrorCode.MEMORY_REFUSED,
                "the scheduler has no room for %s: it keeps %d MB of values and %d names"
                        .formatted(key, Room.BYTES_MAX >> 20, NAMES_MAX),
                "take values out, delete() what isn't needed, or share large values by scatter or"
                        + " files");
    }

    /// What stands for all that came until now, for [#restore] of another.
    public List<CoordinationFact> facts() {
        var facts = new ArrayList<CoordinationFact>();
        if (given > 0) facts.add(new CoordinationFact.Given(given));
        var waiting = new TreeMap<Long, Parked>();
        for (Shared there : shared.values()) {
            there.facts(facts::add);
            waiting.putAll(there.waiting);
        }
        for (Parked parked : waiting.values())
            facts.add(
                    new CoordinationFact.Parked(
                            parked.participant().client, parked.request(), parked.what()));
        for (Participant participant : participants.values())
            participant.answers.forEach((request, kept) ->
                    facts.add(
                            new CoordinationFact.Answered(
                                    participant.client, request, kept.what(), kept.answer())));
        return facts;
    }

    /// Takes over a fact of another's, in the order in which that gave them, before anything else.
    public void restore(CoordinationFact fact) {
        switch (fact) {
            case CoordinationFact.Given(long last) -> given = last;
            case CoordinationFact.Held held ->
                    ((Permits)
                                    there(
                                            new SharedKey(held.kind(), held.name()),
                                            key -> new Permits(key, held.permitsMax(), this::next)))
                            .hold(held.token(), participant(held.client()), held.permits());
            case CoordinationFact.EventSet(var name) -> {
                var what = new CoordinationRequest.SetEvent(name);
                var _ = there(what).attempt(new Participant(0), what);
            }
            case CoordinationFact.Queued(var name, int capacity, var values) ->
                    values.forEach(
                            ((Queue) there(new CoordinationRequest.CountQueued(name, capacity)))
                                    ::add);
            case CoordinationFact.VariableSet(var name, var value) ->
                    ((Variable) there(new CoordinationRequest.SetVariable(name, value))).set(value);
            case CoordinationFact.Latch(var name, long start, long left) ->
                    there(
                            new SharedKey(CoordinationRequest.Kind.LATCH, name),
                            key -> new Latch(key, start, left));
            case CoordinationFact.Counter(var name, long value) ->
                    there(
                            new SharedKey(CoordinationRequest.Kind.COUNTER, name),
                            key -> new Counter(key, value));
            case CoordinationFact.Topic(var name, long first, var values) ->
                    topic(name).restore(first, values);
            case CoordinationFact.Subscribed(var name, long number, long client, long position) ->
                    topic(name).subscribe(number, participant(client), position);
            case CoordinationFact.Parked(long client, long request, var what) ->
                    park(there(what), participant(client), request, what);
            case CoordinationFact.Answered(long client, long request, var what, var answer) ->
                    participant(client).answers.put(request, new Participant.Kept(what, answer));
        }
    }

    private Topic topic(String name) {
        return (Topic) there(new CoordinationRequest.Subscribe(name));
    }

    private Shared there(CoordinationRequest what) {
        return there(SharedKey.of(what), key -> made(key, what));
    }

    private Shared there(SharedKey key, Function<SharedKey, Shared> making) {
        return shared.computeIfAbsent(key, making);
    }

    /// Checks everything that must always hold; for tests and simulation.
    ///
    /// @throws IllegalStateException when something doesn't
    public void checkInvariants() {
        long bytes = 0;
        int parkedCount = 0;
        for (Shared there : shared.values()) {
            String broken = there.broken();
            if (!broken.isEmpty()) throw new IllegalStateException(there.key + ": " + broken);
            if (there.waiting.isEmpty() && there.isForgettable())
                throw new IllegalStateException(there.key + " could be forgotten");
            bytes += there.valueBytes();
            for (Parked parked : there.waiting.values()) {
                bytes += parked.what().valueBytes();
                parkedCount++;
                if (!parked.equals(parked.participant().parked.get(parked.request()))
                        || participants.get(parked.participant().client) != parked.participant())
                    throw new IllegalStateException(parked + " belongs to nobody");
            }
        }
        for (Participant participant : participants.values()) {
            parkedCount -= participant.parked.size();
            if (participant.isIdle())
                throw new IllegalStateException(participant.client + " could be forgotten");
        }
        if (parkedCount != 0) throw new IllegalStateException(parkedCount + " parked astray");
        if (bytes != room.used())
            throw new IllegalStateException("%d bytes, not %d".formatted(bytes, room.used()));
    }
}
