package dev.ensembled.local.process;

import java.nio.file.Path;

/** The logging configuration of a server: one file of at most a few megabytes, and two older files. */
final class ServerLogging {
    private ServerLogging() {}

    /** The properties for JBoss LogManager, which the daemon uses too, so that a server needs no additional jars. */
    static String properties(Path log, Path troubles) {
        return """
                logger.level=INFO
                logger.handlers=FILE,TROUBLES
                # Without this, each probe logs a line.
                loggers=org.apache.zookeeper.server.NIOServerCnxn,org.apache.zookeeper.server.command.FourLetterCommands
                logger.org.apache.zookeeper.server.NIOServerCnxn.level=WARN
                logger.org.apache.zookeeper.server.command.FourLetterCommands.level=WARN
                handler.FILE=org.jboss.logmanager.handlers.SizeRotatingFileHandler
                handler.FILE.formatter=PATTERN
                handler.FILE.properties=autoFlush,append,rotateSize,maxBackupIndex,fileName
                handler.FILE.constructorProperties=fileName,append
                handler.FILE.autoFlush=true
                handler.FILE.append=true
                handler.FILE.rotateSize=2000000
                handler.FILE.maxBackupIndex=2
                handler.FILE.fileName=%s
                # The errors of one start, from which the exit reason is read.
                handler.TROUBLES=org.jboss.logmanager.handlers.SizeRotatingFileHandler
                handler.TROUBLES.level=ERROR
                handler.TROUBLES.formatter=PATTERN
                handler.TROUBLES.properties=autoFlush,append,rotateSize,maxBackupIndex,fileName
                handler.TROUBLES.constructorProperties=fileName,append
                handler.TROUBLES.autoFlush=true
                handler.TROUBLES.append=true
                handler.TROUBLES.rotateSize=200000
                handler.TROUBLES.maxBackupIndex=1
                handler.TROUBLES.fileName=%s
                formatter.PATTERN=org.jboss.logmanager.formatters.PatternFormatter
                formatter.PATTERN.properties=pattern
                formatter.PATTERN.pattern=%%d{yyyy-MM-dd HH:mm:ss,SSS} %%-5p [%%t] %%c{1} - %%m%%e%%n
                """
                .formatted(escaped(log), escaped(troubles));
    }

    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\");
    }
}
