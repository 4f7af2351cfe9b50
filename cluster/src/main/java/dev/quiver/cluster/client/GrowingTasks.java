package dev.quiver.cluster.client;

import dev.quiver.client.Packed;
import dev.quiver.client.TravellingTasks;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.SharedCode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// The tasks of a stage, as the scheduler is told of them: functions that several of them call are
/// told once.
final class GrowingTasks {
    private final TravellingTasks source;
    private final IdentityHashMap<Packed, Integer> numbers = new IdentityHashMap<>();
    private List<SharedCode> fresh = new ArrayList<>();
    private int told;

    GrowingTasks(TravellingTasks source) {
        this.source = source;
    }

    /// The code of the tasks that follow those that were told.
    CodeBatch next(int count) {
        var each = new ArrayList<Bytes>(count);
        for (int i = 0; i < count; i++) each.add(source.encoded(told++, this::number));
        var batch = new CodeBatch(fresh, each);
        fresh = new ArrayList<>();
        return batch;
    }

    private int number(Packed function) {
        Integer known = numbers.get(function);
        if (known != null) return known;
        int number = numbers.size();
        numbers.put(function, number);
        fresh.add(new SharedCode(number, Bytes.of(function.bytes())));
        return number;
    }
}
