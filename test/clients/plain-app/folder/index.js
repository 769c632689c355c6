exports.handler = async () => "from a folder";
