package dev.quiver.scheduler.state;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All stages by their ids, which are dense; pages whose stages are all forgotten are given back.
final class StageTable {
    private static final int SHIFT = 8;
    private static final int MASK = (1 << SHIFT) - 1;

    private @Nullable StageState[] @Nullable [] pages = new StageState[4][];
    private int[] used = new int[4];
    private int count;

    @Nullable StageState get(int id) {
        int page = id >>> SHIFT;
        if (page >= pages.length) {
            return null;
        }
        @Nullable StageState @Nullable [] stages = pages[page];
        return stages == null ? null : stages[id & MASK];
    }

    void put(StageState stage) {
        int page = stage.id() >>> SHIFT;
        if (page >= pages.length) {
            int room = Math.max(page + 1, pages.length * 2);
            pages = Arrays.copyOf(pages, room);
            used = Arrays.copyOf(used, room);
        }
        @Nullable StageState @Nullable [] stages = pages[page];
        if (stages == null) {
            stages = new StageState[MASK + 1];
            pages[page] = stages;
        }
        stages[stage.id() & MASK] = stage;
        used[page]++;
        count++;
    }

    void remove(StageState stage) {
        int page = stage.id() >>> SHIFT;
        @Nullable StageState @Nullable [] stages = pages[page];
        if (stages == null || stages[stage.id() & MASK] != stage) {
            return;
        }
        stages[stage.id() & MASK] = null;
        count--;
        if (--used[page] == 0) {
            pages[page] = null;
        }
    }

    int count() {
        return count;
    }

    /// The stage with the smallest id from that one on; null when there is none.
    @Nullable StageState next(int id) {
        for (int page = id >>> SHIFT; page < pages.length; page++) {
            @Nullable StageState @Nullable [] stages = pages[page];
            if (stages == null) {
                continue;
            }
            for (int i = page == id >>> SHIFT ? id & MASK : 0; i <= MASK; i++) {
                if (stages[i] != null) {
                    return stages[i];
                }
            }
        }
        return null;
    }

    /// Visits the stages in the order of their ids.
    void forEach(Consumer<StageState> visit) {
        for (@Nullable StageState @Nullable [] stages : pages) {
            if (stages == null) {
                continue;
            }
            for (StageState stage : stages) {
                if (stage != null) {
                    visit.accept(stage);
                }
            }
        }
    }
}
