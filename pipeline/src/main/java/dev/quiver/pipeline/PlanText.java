package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.TableInput;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A plan as text that is the same in every process that plans the same: a line for each step, the
/// files that it reads apart.
///
/// Whatever a step is made of is printed, so that a plan with other words is another plan; only
/// what follows from the files is left out, and the labels.
final class PlanText {
    private final List<String> lines = new ArrayList<>();
    private final List<FileVersion> files = new ArrayList<>();

    private PlanText() {}

    /// @param lines the last step first, inputs further to the right
    /// @param files in the order of the plan, each once
    record Text(List<String> lines, List<FileVersion> files) {
        Text {
            lines = List.copyOf(lines);
            files = List.copyOf(files);
        }
    }

    static Text of(LogicalPlan plan) {
        var text = new PlanText();
        text.add(plan, 0);
        return new Text(text.lines, text.files);
    }

    private void add(LogicalPlan plan, int depth) {
        lines.add("  ".repeat(depth) + text(plan, true));
        for (LogicalPlan input : plan.inputs()) add(input, depth + 1);
    }

    private String text(@Nullable Object value, boolean isStep) {
        return switch (value) {
            case null -> "null";
            case InputFile file -> file(file);
            case TableInput table ->
                    "%s of %s by %s"
                            .formatted(
                                    text(table.query(), false),
                                    table.database(),
                                    table.conditions());
            case LogicalPlan _ when !isStep -> "…";
            case Record record -> record(record);
            case Map<?, ?> map -> map(map);
            case Optional<?> optional -> text(optional.orElse(null), false);
            case Collection<?> all -> all(all);
            case Class<?> type -> type.getName();
            case CharSequence _, Number _, Boolean _, Character _, Enum<?> _ -> value.toString();
            default -> other(value);
        };
    }

    private String file(InputFile file) {
        FileVersion version = FileVersion.of(file);
        if (!files.contains(version)) files.add(version);
        return "";
    }

    private String record(Record record) {
        var text = new StringJoiner(", ", record.getClass().getSimpleName() + "[", "]");
        boolean aboutFile = false;
        for (RecordComponent part : record.getClass().getRecordComponents()) {
            if (part.getName().equals("label")) continue;
            Object value = value(record, part);
            String shown = text(value, false);
            aboutFile |= value instanceof InputFile;
            if (!shown.equals("…")) text.add(part.getName() + "=" + shown);
        }
        return aboutFile ? "" : text.toString();
    }

    private static @Nullable Object value(Record record, RecordComponent part) {
        try {
            part.getAccessor().setAccessible(true);
            return part.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("reading %s of %s".formatted(part, record), e);
        }
    }

    private String map(Map<?, ?> map) {
        var sorted = new TreeMap<String, String>();
        map.forEach((key, value) -> sorted.put(text(key, false), text(value, false)));
        return sorted.toString();
    }

    private String all(Collection<?> all) {
        var text = new StringJoiner(", ", "[", "]");
        for (Object one : all) {
            String shown = text(one, false);
            if (!shown.isEmpty() || one instanceof String) text.add(shown);
        }
        return text.toString();
    }

    private String other(Object value) {
        if (value.getClass().isArray()) {
            var elements = new ArrayList<@Nullable Object>();
            for (int i = 0; i < Array.getLength(value); i++) elements.add(Array.get(value, i));
            return all(elements);
        }
        Optional<SerializedLambda> lambda =
                value instanceof Serializable code ? CodeIdentity.lambda(code) : Optional.empty();
        if (lambda.isPresent()) return lambda(lambda.get(), value.getClass().getClassLoader());
        try {
            boolean says =
                    value.getClass().getMethod("toString").getDeclaringClass() != Object.class;
            if (says) return value.toString();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every class has toString()", e);
        }
        return value.getClass().getName() + " " + CodeIdentity.ofClass(value.getClass());
    }

    private String lambda(SerializedLambda lambda, @Nullable ClassLoader loader) {
        var captured = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < lambda.getCapturedArgCount(); i++)
            captured.add(text(lambda.getCapturedArg(i), false));
        return lambda.getImplClass()
                + "::"
                + lambda.getImplMethodName()
                + captured
                + " "
                + CodeIdentity.ofMethod(lambda, loader);
    }
}
