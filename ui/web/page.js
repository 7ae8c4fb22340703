// One page.
export default function () {}
