package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.KeyRows;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.kernel.expression.Selection;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Traversal;
import dev.quiver.operator.GateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// A gate's rules about values: conditions, and keys that must be known.
///
/// Whole chunks are asked whether any row breaks any rule, by [QuickRule] where that is enough;
/// only the rows that do are asked which.
final class ValueRules implements AutoCloseable {
    private final MemoryAccount account;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Expression> conditions = new ArrayList<>();
    private final List<QuickRule> quick = new ArrayList<>();

    /// Whether any condition is false; whether any is that has no quick way. Made with the first
    /// chunk.
    private Optional<Evaluation> anyFalse = Optional.empty();

    private Optional<Evaluation> anySlowFalse = Optional.empty();
    private boolean begun;

    /// @param index of the rule in the gate
    private record Rule(int index, Test test) {}

    private sealed interface Test extends AutoCloseable {
        @Override
        void close();
    }

    private record Condition(Evaluation isFalse) implements Test {
        @Override
        public void close() {
            isFalse.close();
        }
    }

    private record Lookup(List<Evaluation> keys, JoinTable table, KeyRows scratch) implements Test {
        @Override
        public void close() {
            keys.forEach(Evaluation::close);
        }
    }

    /// @param tables by the stage's input; they stay their owners'
    ValueRules(List<GateRule> gate, IntFunction<JoinTable> tables, MemoryAccount account) {
        this.account = account;
        for (int i = 0; i < gate.size(); i++) {
            switch (gate.get(i).test()) {
                case GateRule.Holds(var condition) -> {
                    conditions.add(condition);
                    rules.add(new Rule(i, new Condition(isFalse(condition))));
                }
                case GateRule.Known(var input, var keys, _) -> {
                    JoinTable table = tables.apply(input);
                    rules.add(
                            new Rule(
                                    i,
                                    new Lookup(
                                            Evaluation.all(keys, account),
                                            table,
                                            table.scratch())));
                }
                case GateRule.Agrees _, GateRule.First _, GateRule.Unseen _ -> {}
            }
        }
    }

    private void begin(Chunk chunk) {
        begun = true;
        var slow = new ArrayList<Expression>();
        for (Expression condition : conditions)
            QuickRule.of(condition, chunk.schema(), account)
                    .ifPresentOrElse(quick::add, () -> slow.add(condition));
        anyFalse = anyFalse(conditions);
        anySlowFalse = anyFalse(slow);
    }

    private Optional<Evaluation> anyFalse(List<Expression> some) {
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(isFalse(Traversal.conjunction(some)));
    }

    /// Conditions may rely on those before them, so all are asked together as soon as one of the
    /// quick ones is broken.
    private Optional<Evaluation> question(Chunk chunk) {
        if (!begun) begin(chunk);
        for (QuickRule rule : quick) if (!rule.passes(chunk)) return anyFalse;
        return anySlowFalse;
    }

    private Evaluation isFalse(Expression condition) {
        return new Evaluation(new Expression.Call(Function.NOT, List.of(condition)), account);
    }

    /// Writes into `broken` the index of the first rule that each row breaks; leaves other rows as
    /// they are.
    ///
    /// @return how many rows break one
    int mark(Chunk chunk, int[] broken) {
        int rows = chunk.rows();
        boolean[] bad = new boolean[rows];
        int count = 0;
        Optional<Evaluation> question = question(chunk);
        if (question.isPresent()) {
            Selection some = question.get().select(chunk);
            if (some.count() > 0)
                for (int i = 0; i < rows; i++)
                    if (some.has(i)) {
                        bad[i] = true;
                        count++;
                    }
        }
        for (Rule rule : rules)
            if (rule.test() instanceof Lookup lookup) count += unknown(lookup, chunk, bad);
        if (count > 0) name(chunk, bad, count, broken);
        return count;
    }

    /// Marks rows whose keys the table doesn't have; gives how many weren't marked before.
    private static int unknown(Lookup lookup, Chunk chunk, boolean[] bad) {
        List<Column> keys = Evaluation.columns(lookup.keys(), chunk);
        try {
            var groups = new int[chunk.rows()];
            lookup.table().find(keys, chunk.rows(), lookup.scratch(), groups);
            int count = 0;
            for (int i = 0; i < groups.length; i++) {
                if (groups[i] >= 0 || bad[i] || anyNull(keys, i)) continue;
                bad[i] = true;
                count++;
            }
            return count;
        } finally {
            keys.forEach(Column::close);
        }
    }

    private static boolean anyNull(List<Column> keys, int row) {
        for (Column key : keys) {
            Buffer validity = key.validity();
            if (validity != null && !Validity.get(validity.segment(), row)) return true;
        }
        return false;
    }

    /// Finds out which rule each bad row breaks first; a rule only sees rows that fulfil those
    /// before it.
    private void name(Chunk chunk, boolean[] bad, int count, int[] broken) {
        int[] positions = positions(bad, count, true);
        Chunk left = take(chunk, positions);
        try {
            for (Rule rule : rules) {
                if (left.rows() == 0) break;
                boolean[] breaks = breaks(rule.test(), left);
                int some = 0;
                for (int i = 0; i < breaks.length; i++) {
                    if (!breaks[i]) continue;
                    broken[positions[i]] = rule.index();
                    some++;
                }
                if (some == 0) continue;
                int[] rest = positions(breaks, breaks.length - some, false);
                Chunk fewer = take(left, rest);
                left.close();
                left = fewer;
                for (int i = 0; i < rest.length; i++) rest[i] = positions[rest[i]];
                positions = rest;
            }
        } finally {
            left.close();
        }
    }

    private static boolean[] breaks(Test test, Chunk chunk) {
        var found = new boolean[chunk.rows()];
        switch (test) {
            case Condition(var isFalse) -> {
                Selection some = isFalse.select(chunk);
                for (int i = 0; i < found.length; i++) found[i] = some.has(i);
            }
            case Lookup lookup -> unknown(lookup, chunk, found);
        }
        return found;
    }

    /// The rows that are, or aren't, marked.
    static int[] positions(boolean[] marks, int count, boolean marked) {
        var positions = new int[count];
        int at = 0;
        for (int i = 0; i < marks.length; i++) if (marks[i] == marked) positions[at++] = i;
        return positions;
    }

    private Chunk take(Chunk chunk, int[] rows) {
        return take(chunk, rows, account);
    }

    /// These rows of a chunk; the caller owns them.
    static Chunk take(Chunk chunk, int[] rows, MemoryAccount account) {
        try (Buffer numbers = account.allocate(Math.max(1, rows.length) * 4L)) {
            java.lang.foreign.MemorySegment.copy(
                    rows, 0, numbers.segment(), Layouts.INT, 0, rows.length);
            return Take.chunk(chunk, numbers.segment(), 0, rows.length, account);
        }
    }

    @Override
    public void close() {
        anyFalse.ifPresent(Evaluation::close);
        anySlowFalse.ifPresent(Evaluation::close);
        quick.forEach(QuickRule::close);
        rules.forEach(rule -> rule.test().close());
    }
}
