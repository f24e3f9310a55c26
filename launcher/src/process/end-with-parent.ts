// Loaded into our Node children by `--import`: when the launcher is gone, however it went, the channel to it closes and
// the child shuts down as if it had been asked to.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
