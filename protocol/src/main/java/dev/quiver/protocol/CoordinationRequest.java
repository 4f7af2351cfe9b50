package dev.quiver.protocol;

import dev.quiver.operator.Bytes;

/// What a client asks of something that all clients share under a name. Each kind has names of its
/// own.
public sealed interface CoordinationRequest {
    /// A name has at most so many characters.
    int NAME_LENGTH_MAX = 200;

    /// A value has at most so many bytes.
    int VALUE_BYTES_MAX = 64 << 10;

    /// What is shared.
    enum Kind {
        LOCK,
        SEMAPHORE,
        EVENT,
        QUEUE,
        VARIABLE,
        LATCH,
        TOPIC,
        COUNTER;

        /// As errors call it.
        public String text() {
            return switch (this) {
                case LOCK -> "lock";
                case SEMAPHORE -> "semaphore";
                case EVENT -> "event";
                case QUEUE -> "queue";
                case VARIABLE -> "variable";
                case LATCH -> "latch";
                case TOPIC -> "topic";
                case COUNTER -> "counter";
            };
        }
    }

    /// What becomes of a request that can't be fulfilled now.
    enum Patience {
        /// It waits until it can be, or the client abandons it.
        ENDLESS,
        /// It is answered by [CoordinationAnswer.NotNow].
        NONE
    }

    Kind kind();

    String name();

    /// A request that may have to wait.
    sealed interface Waiting extends CoordinationRequest {
        Patience patience();
    }

    /// The bytes of a value that would be kept.
    default int valueBytes() {
        return switch (this) {
            case Put(_, _, var value, _) -> value.size();
            case SetVariable(_, var value) -> value.size();
            case Publish(_, var value) -> value.size();
            case Acquire _,
                    Release _,
                    CountFree _,
                    SetEvent _,
                    ClearEvent _,
                    AwaitEvent _,
                    Take _,
                    CountQueued _,
                    GetVariable _,
                    CountDown _,
                    AwaitLatch _,
                    Add _,
                    SetCounter _,
                    Subscribe _,
                    Next _,
                    Unsubscribe _,
                    Delete _ ->
                    0;
        };
    }

    /// Wants permits of a semaphore; a lock is one with a single permit. Who came first is served
    /// first. Answered by the hold's token as [CoordinationAnswer.Count]: greater than that of any
    /// hold before.
    ///
    /// @param permitsMax how many there are
    record Acquire(Kind kind, String name, int permitsMax, int permits, Patience patience)
            implements Waiting {
        public Acquire {
            requirePermits(kind);
            requireName(name);
            if (permits < 1 || permitsMax < permits)
                throw new IllegalArgumentException("%d of %d".formatted(permits, permitsMax));
        }
    }

    /// Gives back what the client holds by that token; does nothing when it holds nothing by it.
    record Release(Kind kind, String name, long token) implements CoordinationRequest {
        public Release {
            requirePermits(kind);
            requireName(name);
        }
    }

    /// How many permits nobody holds.
    record CountFree(Kind kind, String name, int permitsMax) implements CoordinationRequest {
        public CountFree {
            requirePermits(kind);
            requireName(name);
            requirePositive(permitsMax);
        }
    }

    /// Lets all go on that await the event, from now on until it is cleared.
    record SetEvent(String name) implements CoordinationRequest {
        public SetEvent {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.EVENT;
        }
    }

    record ClearEvent(String name) implements CoordinationRequest {
        public ClearEvent {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.EVENT;
        }
    }

    record AwaitEvent(String name, Patience patience) implements Waiting {
        public AwaitEvent {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.EVENT;
        }
    }

    /// Adds a value at the end of a queue.
    ///
    /// @param capacity so many values the queue holds at most
    record Put(String name, int capacity, Bytes value, Patience patience) implements Waiting {
        public Put {
            requireName(name);
            requirePositive(capacity);
            requireValue(value);
        }

        @Override
        public Kind kind() {
            return Kind.QUEUE;
        }
    }

    /// Takes the value at the head of a queue out.
    record Take(String name, int capacity, Patience patience) implements Waiting {
        public Take {
            requireName(name);
            requirePositive(capacity);
        }

        @Override
        public Kind kind() {
            return Kind.QUEUE;
        }
    }

    /// How many values are in a queue.
    record CountQueued(String name, int capacity) implements CoordinationRequest {
        public CountQueued {
            requireName(name);
            requirePositive(capacity);
        }

        @Override
        public Kind kind() {
            return Kind.QUEUE;
        }
    }

    record SetVariable(String name, Bytes value) implements CoordinationRequest {
        public SetVariable {
            requireName(name);
            requireValue(value);
        }

        @Override
        public Kind kind() {
            return Kind.VARIABLE;
        }
    }

    /// Waits for a variable that isn't set.
    record GetVariable(String name, Patience patience) implements Waiting {
        public GetVariable {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.VARIABLE;
        }
    }

    /// Takes from what is left of a latch's count, not below zero. Answered by what is left.
    ///
    /// @param start what the count began with
    /// @param by may be zero: then it is only asked
    record CountDown(String name, long start, long by) implements CoordinationRequest {
        public CountDown {
            requireName(name);
            requirePositive(start);
            if (by < 0) throw new IllegalArgumentException("by " + by);
        }

        @Override
        public Kind kind() {
            return Kind.LATCH;
        }
    }

    /// Waits until nothing is left of a latch's count.
    record AwaitLatch(String name, long start, Patience patience) implements Waiting {
        public AwaitLatch {
            requireName(name);
            requirePositive(start);
        }

        @Override
        public Kind kind() {
            return Kind.LATCH;
        }
    }

    /// Answered by the sum.
    record Add(String name, long delta) implements CoordinationRequest {
        public Add {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.COUNTER;
        }
    }

    /// Answered by what the counter stood at before.
    record SetCounter(String name, long value) implements CoordinationRequest {
        public SetCounter {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.COUNTER;
        }
    }

    /// Tells all that have subscribed.
    record Publish(String name, Bytes value) implements CoordinationRequest {
        public Publish {
            requireName(name);
            requireValue(value);
        }

        @Override
        public Kind kind() {
            return Kind.TOPIC;
        }
    }

    /// Begins to listen: to what is published from now on. Answered by a number for the
    /// subscription.
    record Subscribe(String name) implements CoordinationRequest {
        public Subscribe {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.TOPIC;
        }
    }

    /// What was published since, answered by [CoordinationAnswer.Values].
    ///
    /// @param from all before this one was taken in; the same again gives the same again, or more
    record Next(String name, long subscription, long from, Patience patience) implements Waiting {
        public Next {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.TOPIC;
        }
    }

    record Unsubscribe(String name, long subscription) implements CoordinationRequest {
        public Unsubscribe {
            requireName(name);
        }

        @Override
        public Kind kind() {
            return Kind.TOPIC;
        }
    }

    /// Forgets a queue, a variable or a latch: who waits for it is refused, who names it next
    /// begins anew.
    record Delete(Kind kind, String name) implements CoordinationRequest {
        public Delete {
            requireName(name);
            boolean stays = kind == Kind.QUEUE || kind == Kind.VARIABLE || kind == Kind.LATCH;
            if (!stays) throw new IllegalArgumentException("a %s goes by itself".formatted(kind));
        }
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX)
            throw new IllegalArgumentException("a name of %d characters".formatted(name.length()));
    }

    private static void requirePermits(Kind kind) {
        if (kind != Kind.LOCK && kind != Kind.SEMAPHORE)
            throw new IllegalArgumentException("a %s has no permits".formatted(kind));
    }

    private static void requirePositive(long number) {
        if (number < 1) throw new IllegalArgumentException(number + ", must be at least 1");
    }

    private static void requireValue(Bytes value) {
        if (value.size() > VALUE_BYTES_MAX)
            throw new IllegalArgumentException("a value of %d bytes".formatted(value.size()));
    }
}
