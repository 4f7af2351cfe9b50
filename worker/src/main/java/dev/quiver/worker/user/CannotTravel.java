package dev.quiver.worker.user;

import com.esotericsoftware.kryo.KryoException;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The errors about closures and values that can't be sent to a worker.
final class CannotTravel {
    private static final String FIX =
            "capture plain values (numbers, texts, records, collections of them) and open files and"
                    + " connections inside the task; or let the class implement Serializable";

    private CannotTravel() {}

    /// A class that the rules refuse; Kryo adds the fields on the way to it.
    static KryoException refused(Class<?> type) {
        return new KryoException("%s is not Serializable".formatted(name(type)));
    }

    static QuiverException captured(
            String variable, @Nullable Object value, KryoException problem) {
        return new QuiverException(
                ErrorCode.NOT_SERIALIZABLE,
                "a closure captures %s, which can't travel to a worker".formatted(variable),
                where(value, problem),
                FIX,
                problem);
    }

    static QuiverException value(String role, @Nullable Object value, KryoException problem) {
        return new QuiverException(
                ErrorCode.NOT_SERIALIZABLE,
                "%s can't travel".formatted(role),
                where(value, problem),
                FIX,
                problem);
    }

    static QuiverException companion(
            String name, String role, @Nullable Object value, KryoException problem) {
        return new QuiverException(
                ErrorCode.NOT_SERIALIZABLE,
                "%s reads %s, which can't travel to a worker".formatted(role, name),
                where(value, problem),
                FIX,
                problem);
    }

    static KryoException lambda(Object lambda) {
        return new KryoException(
                "a lambda of %s is not Serializable"
                        .formatted(lambda.getClass().getName().replaceFirst("\\$\\$Lambda.*", "")));
    }

    private static List<String> where(@Nullable Object value, KryoException problem) {
        var lines = new ArrayList<String>();
        if (value != null) lines.add("class: " + name(value.getClass()));
        String message = problem.getMessage();
        if (message == null) return lines;
        String[] parts = message.split("Serialization trace:", 2);
        lines.add("because: " + parts[0].strip());
        if (parts.length == 2) lines.add("by way of: " + parts[1].strip().replace("\n", ", in "));
        return lines;
    }

    private static String name(Class<?> type) {
        return type.getTypeName();
    }
}
