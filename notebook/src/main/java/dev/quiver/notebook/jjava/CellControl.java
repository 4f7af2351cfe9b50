package dev.quiver.notebook.jjava;

import dev.quiver.error.UserLine;
import dev.quiver.notebook.Notebook;
import dev.quiver.notebook.Traceback;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.function.Supplier;
import jdk.jshell.JShell;
import jdk.jshell.spi.ExecutionControl;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs snippets as another control does, shortens what they throw, and lets go of results that no
/// variable holds.
final class CellControl implements ExecutionControl {
    private static final Logger LOG = LoggerFactory.getLogger(CellControl.class);

    private final ExecutionControl runs;
    private final Results results;
    private final CellNumbers numbers;
    private final Supplier<Object> cell;
    private Optional<String> notice;
    private Object last = this;

    private CellControl(
            ExecutionControl runs,
            Results results,
            CellNumbers numbers,
            Supplier<Object> cell,
            Optional<String> notice) {
        this.runs = runs;
        this.results = results;
        this.numbers = numbers;
        this.cell = cell;
        this.notice = notice;
    }

    /// Has a kernel run its cells so. There is no way to say it to JJava or JShell; where their
    /// insides are others, cells run as they always do.
    ///
    /// @param cell something that stands for the cell that runs, and only for it
    /// @param notice what the first cell prints before anything else
    static void install(BaseKernel kernel, Supplier<Object> cell, Optional<String> notice) {
        try {
            var shell = (JShell) kernel.getClass().getMethod("getJShell").invoke(kernel);
            Object evaluator = kernel.getClass().getMethod("getEvaluator").invoke(kernel);
            var loader =
                    (ClassLoader)
                            evaluator.getClass().getMethod("getClassLoader").invoke(evaluator);
            Field control = JShell.class.getDeclaredField("executionControl");
            control.setAccessible(true);
            CellNumbers numbers = CellNumbers.of(kernel);
            UserLine.cells(numbers::name);
            control.set(
                    shell,
                    new CellControl(
                            (ExecutionControl) control.get(shell),
                            new Results(loader),
                            numbers,
                            cell,
                            notice));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.info("this kernel runs cells in another way, which stays as it is", e);
            notice.ifPresent(System.err::println);
        }
    }

    @Override
    public String invoke(String className, String methodName)
            throws RunException, EngineTerminationException, InternalException {
        notice.ifPresent(System.err::println);
        notice = Optional.empty();
        Object now = cell.get();
        if (now != last) {
            results.forget();
            Notebook.betweenCells();
        }
        last = now;
        results.add(className);
        try {
            return runs.invoke(className, methodName);
        } catch (UserException e) {
            throw shortened(e, false);
        }
    }

    private static UserException shortened(UserException thrown, boolean isCause) {
        var result =
                new UserException(
                        Traceback.message(String.valueOf(thrown.getMessage()), isCause),
                        thrown.causeExceptionClass(),
                        Traceback.frames(thrown.getStackTrace(), isCause));
        if (!isCause)
            otherCause(thrown).ifPresent(cause -> result.initCause(shortened(cause, true)));
        return result;
    }

    /// The nearest cause that says something else.
    private static Optional<UserException> otherCause(UserException thrown) {
        Throwable cause = thrown.getCause();
        while (cause instanceof UserException inner) {
            if (!Traceback.says(thrown.getMessage(), inner.getMessage())) return Optional.of(inner);
            cause = inner.getCause();
        }
        return Optional.empty();
    }

    @Override
    public void load(ClassBytecodes[] classes)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        for (ClassBytecodes loaded : classes) numbers.loaded(loaded.name());
        runs.load(classes);
    }

    @Override
    public void redefine(ClassBytecodes[] classes)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        runs.redefine(classes);
    }

    @Override
    public String varValue(String className, String varName)
            throws RunException, EngineTerminationException, InternalException {
        return runs.varValue(className, varName);
    }

    @Override
    public void addToClasspath(String path) throws EngineTerminationException, InternalException {
        runs.addToClasspath(path);
    }

    @Override
    public void stop() throws EngineTerminationException, InternalException {
        runs.stop();
    }

    @Override
    public Object extensionCommand(String command, Object argument)
            throws RunException, EngineTerminationException, InternalException {
        return runs.extensionCommand(command, argument);
    }

    @Override
    public void close() {
        Notebook.close(); // what it has on a cluster goes now, however long the process stays
        try {
            runs.stop(); // JJava's threads would keep the process for a minute
        } catch (EngineTerminationException | InternalException e) {
            LOG.info("cells were not stopped", e);
        }
        runs.close();
    }
}
