package dev.quiver.client;

import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A task of a graph under construction. Equal only to itself.
final class DelayedTask<R> implements Delayed<R> {
    /// Among so many tasks the order is by levels.
    private static final int WINDOW = 4096;

    private final TaskBook book;
    private final TaskOptions options;
    private final Object code;
    private final List<DelayedTask<?>> inputs;

    DelayedTask(TaskBook book, TaskOptions options, Object code, List<DelayedTask<?>> inputs) {
        this.book = book;
        this.options = options;
        this.code = code;
        this.inputs = inputs;
    }

    Object code() {
        return code;
    }

    TaskOptions options() {
        return options;
    }

    List<DelayedTask<?>> inputs() {
        return inputs;
    }

    @Override
    public <S> Delayed<S> then(Fn<R, S> fn) {
        return new DelayedTask<>(book, options, fn, List.of(this));
    }

    @Override
    public <B, S> Delayed<S> with(Delayed<B> other, Fn2<R, B, S> fn) {
        return new DelayedTask<>(book, options, fn, List.of(this, ofSession(other, book)));
    }

    private static DelayedTask<?> ofSession(Delayed<?> delayed, TaskBook book) {
        if (delayed instanceof DelayedTask<?> task && task.book == book) return task;
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "a delayed task needs one of another session",
                List.of(),
                "make both with one session");
    }

    static <R> Delayed<List<R>> all(Collection<Delayed<R>> parts) {
        var tasks = new ArrayList<DelayedTask<?>>();
        for (Delayed<R> part : parts) {
            if (tasks.isEmpty() && part instanceof DelayedTask<?> first) tasks.add(first);
            else if (tasks.isEmpty()) throw new IllegalArgumentException("not of Quiver: " + part);
            else tasks.add(ofSession(part, tasks.getFirst().book));
        }
        if (tasks.isEmpty())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "Delayed.all(…) of no tasks",
                    List.of(),
                    "give at least one");
        DelayedTask<?> first = tasks.getFirst();
        return new DelayedTask<>(
                first.book, first.options, TaskFuture.Gathering.LIST, List.copyOf(tasks));
    }

    @Override
    @SuppressWarnings("unchecked") // the last task is this one
    public QFuture<R> submit() {
        return (QFuture<R>) book.submitAll(byLevels(inOrder())).getLast();
    }

    @Override
    public R compute() {
        return submit().result();
    }

    /// This task and all that it needs, each once, inputs first. Not recursive: chains may be long.
    private List<DelayedTask<?>> inOrder() {
        var order = new ArrayList<DelayedTask<?>>();
        Set<DelayedTask<?>> seen = new HashSet<>();
        Deque<Visit> stack = new ArrayDeque<>();
        seen.add(this);
        stack.push(new Visit(this));
        while (!stack.isEmpty()) {
            Visit top = stack.getFirst();
            if (top.next < top.task.inputs.size()) {
                DelayedTask<?> input = top.task.inputs.get(top.next++);
                if (seen.add(input)) stack.push(new Visit(input));
            } else {
                stack.pop();
                order.add(top.task);
            }
        }
        return order;
    }

    /// The same tasks, those that may run at the same time beside each other: neighbours go to one
    /// worker, in one message. Only within some thousand tasks, so that what was begun ends before
    /// more is begun.
    private static List<DelayedTask<?>> byLevels(List<DelayedTask<?>> order) {
        var levels = new HashMap<DelayedTask<?>, Integer>();
        for (DelayedTask<?> task : order) {
            int level = 0;
            for (DelayedTask<?> input : task.inputs)
                level = Math.max(level, levels.getOrDefault(input, 0) + 1);
            levels.put(task, level);
        }
        var sorted = new ArrayList<DelayedTask<?>>(order.size());
        for (int from = 0; from < order.size(); from += WINDOW) {
            List<DelayedTask<?>> window =
                    order.subList(from, Math.min(order.size(), from + WINDOW));
            window.stream()
                    .sorted(Comparator.comparingInt(task -> levels.getOrDefault(task, 0)))
                    .forEach(sorted::add);
        }
        return sorted;
    }

    private static final class Visit {
        private final DelayedTask<?> task;
        private int next;

        Visit(DelayedTask<?> task) {
            this.task = task;
        }
    }
}
