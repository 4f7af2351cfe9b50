package dev.quiver.cluster.data;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// The dictionaries of this process that words of other processes go to: one a column of a stage,
/// whichever peers its outputs come from, so that what comes from several shares codes.
/// Thread-safe.
final class SharedDictionaries {
    private record Column(int stage, int column) {}

    /// No stage's.
    private static final Column NOWHERE = new Column(-1, -1);

    private final MemoryAccount account;
    private final OwnDictionaries own;
    private final Map<Column, Target> targets = new HashMap<>();

    /// @param account pays for the words
    /// @param own take words of other processes, where there are some of the same column
    SharedDictionaries(MemoryAccount account, OwnDictionaries own) {
        this.account = account;
        this.own = own;
    }

    /// A dictionary and how many streams bring it words.
    final class Target implements AutoCloseable {
        private final Column column;
        private final Dictionary dictionary;
        private final boolean isOwn;
        private int users;

        private Target(Column column) {
            this.column = column;
            Dictionary known = own.find(column.stage, column.column);
            this.isOwn = known != null;
            this.dictionary = known != null ? known : new Dictionary(account);
        }

        Dictionary dictionary() {
            return dictionary;
        }

        boolean hasRoomFor(int words, long bytes) {
            return dictionary.hasRoomFor(words, bytes);
        }

        DictionaryValues pin() {
            return dictionary.pin();
        }

        /// Adds words, and writes their codes from `codes[from]` on.
        ///
        /// @param starts where each begins in `text`, and where the last ends
        void add(int[] starts, MemorySegment text, int[] codes, int from) {
            for (int i = 0; i < starts.length - 1; i++)
                codes[from + i] = dictionary.add(text, starts[i], starts[i + 1] - starts[i]);
        }

        @Override
        public void close() {
            release(this);
        }
    }

    /// The one for a column of a stage's outputs; the caller closes it.
    synchronized Target target(int stage, int column) {
        Target target = targets.computeIfAbsent(new Column(stage, column), Target::new);
        target.users++;
        return target;
    }

    /// One that nothing else goes to; the caller closes it.
    synchronized Target alone() {
        var target = new Target(NOWHERE);
        target.users++;
        return target;
    }

    private synchronized void release(Target target) {
        if (--target.users > 0) return;
        targets.remove(target.column, target);
        if (!target.isOwn) target.dictionary().close();
    }
}
